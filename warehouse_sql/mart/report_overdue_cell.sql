-- grain: one unit, field and day of the period on which something became overdue or ceased to be.
-- Parameters: date_from. Needs report_flow.
select
    f.page,
    f.field,
    f.event_on as date,
    cast(coalesce(f.newly_overdue, 0) as bigint) as newly_overdue,
    cast(coalesce(f.overdue_cleared, 0) as bigint) as overdue_cleared
from report_flow as f
where f.event_on >= :date_from and (f.newly_overdue <> 0 or f.overdue_cleared <> 0)
order by f.page, f.field, f.event_on;
