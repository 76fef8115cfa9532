-- grain: one day of the period, up to the last day that exports cover: overdue flow, and the stocks at its end.
-- Parameters: date_from, date_to, covered. Needs report_flow.
with
change as (
    select
        f.event_on,
        sum(f.newly_overdue) as newly_overdue,
        sum(f.overdue_cleared) as overdue_cleared,
        sum(
            f.received_online + f.received_direct_postal
            - f.resolved_early - f.resolved_on_time - f.resolved_late - f.resolved_untimed
        ) as pending
    from report_flow as f
    group by f.event_on
),

opening as (
    select
        coalesce(sum(c.newly_overdue - c.overdue_cleared), 0) as overdue_open,
        coalesce(sum(c.pending), 0) as pending
    from change as c
    where c.event_on < :date_from
)

select
    d.date,
    d.reporting_month,
    cast(coalesce(c.newly_overdue, 0) as bigint) as newly_overdue,
    cast(coalesce(c.overdue_cleared, 0) as bigint) as overdue_cleared,
    cast(o.overdue_open + sum(coalesce(c.newly_overdue - c.overdue_cleared, 0)) over (order by d.date) as bigint) as overdue_open,
    cast(o.pending + sum(coalesce(c.pending, 0)) over (order by d.date) as bigint) as pending
from core.dim_date as d
cross join opening as o
left join change as c on d.date = c.event_on
where d.date between :date_from and least(cast(:date_to as date), cast(:covered as date))
order by d.date;
