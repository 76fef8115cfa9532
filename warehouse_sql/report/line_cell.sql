-- grain: one unit and sector: its part of the one line of an inspection report, report/line.sql. Needs report_flow.
select
    f.unit_no,
    f.sector_no,
    cast(sum(f.direct_received) as bigint) as received,
    cast(sum(f.direct_timely + f.direct_late + f.direct_untimed) as bigint) as resolved,
    cast(sum(f.direct_timely) as bigint) as early_or_on_time,
    cast(sum(f.direct_late) as bigint) as late,
    cast(sum(f.direct_overdue) as bigint) as overdue_open
from report_flow as f
group by f.unit_no, f.sector_no
having sum(f.direct_received) <> 0 or sum(f.direct_timely + f.direct_late + f.direct_untimed) <> 0 or sum(f.direct_overdue) <> 0
order by f.unit_no, f.sector_no;
