-- grain: one of the last :days days, from the first with a flow on, and one kind of flow, all units together (ii06).
with day as (
    select d.date
    from core.dim_date as d
    where d.date <= :through and d.date > :through - :days and d.date >= (select min(f.date) from mart.daily_flow as f)
),

flow as (
    select
        date,
        sum(received) as received,
        sum(resolved_early + resolved_on_time + resolved_late) as resolved,
        sum(became_overdue) as became_overdue
    from mart.daily_flow
    where rule_sets & (select core.rule_set_bit('ii06')) <> 0 and date <= :through and date > :through - :days
    group by date
)

select
    day.date,
    kind.name as kind,
    coalesce(kind.count, 0) as count
from day
left join flow on day.date = flow.date
cross join lateral (
    values ('Tiếp nhận', flow.received), ('Giải quyết', flow.resolved), ('Mới quá hạn', flow.became_overdue)
) as kind (name, count)
order by day.date, kind.name;
