-- Stages of dossiers, as known at a moment. Beside report/stage_now.sql: the same columns. Needs derived_stage.
-- Makes report_stage.
create temporary view report_stage as
select s.*
from derived_stage as s;
