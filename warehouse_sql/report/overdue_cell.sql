-- grain: one unit, sector and day of the period on which something became overdue or ceased to be.
-- Parameters: date_from. Needs report_flow.
select
    f.unit_no,
    f.sector_no,
    f.event_on as date,
    cast(sum(f.newly_overdue) as bigint) as newly_overdue,
    cast(sum(f.overdue_cleared) as bigint) as overdue_cleared
from report_flow as f
where f.event_on >= :date_from
group by f.unit_no, f.sector_no, f.event_on
having sum(f.newly_overdue) <> 0 or sum(f.overdue_cleared) <> 0
order by f.unit_no, f.sector_no, f.event_on;
