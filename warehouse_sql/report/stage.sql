-- Stages of dossiers, as known at the moment of the report (report/settings.sql).
-- Makes report_stage.
create temporary view report_stage as
select s.*
from core.stage_as_known(cast(current_setting('motcua.known_at') as timestamptz)) as s;
