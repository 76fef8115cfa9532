-- Stages of dossiers, as known at a moment. Beside mart/report_stage_now.sql: the same columns. Needs derived_stage.
create temporary view report_stage as
select
    s.unit_code, s.unit_valid_from, s.procedure_code, s.received_on, s.status, s.department, s.began_at, s.until_at,
    s.is_ended, s.working_minutes, s.began_working_minute
from derived_stage as s;
