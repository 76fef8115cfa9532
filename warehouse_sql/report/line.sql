-- grain: the one line of an inspection report, as report/inspection_line.sql defines it, over what the report knows.
-- Needs report_flow.
select
    cast(coalesce(sum(f.direct_received), 0) as bigint) as received,
    cast(coalesce(sum(f.direct_timely + f.direct_late + f.direct_untimed), 0) as bigint) as resolved,
    cast(coalesce(sum(f.direct_timely), 0) as bigint) as early_or_on_time,
    cast(coalesce(sum(f.direct_late), 0) as bigint) as late,
    cast(coalesce(sum(f.direct_overdue), 0) as bigint) as overdue_open
from report_flow as f;
