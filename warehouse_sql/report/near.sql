-- grain: one unit, and one row (unit_no null, is_other) for all units that are not in the report or not one of its own.
-- Counts of report/timing.sql. Needs report_near.
select
    n.unit_no,
    count(*) filter (where n.kind = 'finish_before') as finished_before,
    count(*) filter (where n.kind = 'finish_after') as finished_after,
    count(*) filter (where n.kind = 'pause') as paused_last_day,
    count(*) filter (where n.kind in ('pause', 'pause_other')) as paused
from report_near as n
group by n.unit_no
order by n.unit_no;
