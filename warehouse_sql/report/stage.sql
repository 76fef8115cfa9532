-- Stages of dossiers, as known now. Beside report/stage_then.sql: the same columns.
-- Makes report_stage.
create temporary view report_stage as
select s.*
from core.fct_stage as s;
