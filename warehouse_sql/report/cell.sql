-- grain: one unit, sector and reporting month (15 to 14) of the period, cut to it; month null: all before the period.
-- Counts of form II.06 out of which any unit, sector and run of months can be summed.
-- Parameters: date_from. Needs report_flow.
select
    f.unit_no,
    f.sector_no,
    case when f.event_on >= :date_from then d.reporting_month end as month,
    cast(sum(f.received_online) as bigint) as received_online,
    cast(sum(f.received_direct_postal) as bigint) as received_direct_postal,
    cast(sum(f.resolved_early) as bigint) as resolved_early,
    cast(sum(f.resolved_on_time) as bigint) as resolved_on_time,
    cast(sum(f.resolved_late) as bigint) as resolved_late,
    cast(sum(f.resolved_untimed) as bigint) as resolved_untimed,
    cast(sum(f.newly_overdue) as bigint) as newly_overdue,
    cast(sum(f.overdue_cleared) as bigint) as overdue_cleared
from report_flow as f
inner join core.dim_date as d on f.event_on = d.date
group by f.unit_no, f.sector_no, case when f.event_on >= :date_from then d.reporting_month end
order by f.unit_no, f.sector_no, month nulls first;
