-- Stocks of overdue and pending dossiers, summed again from the first day that changed.
-- Parameters: through (the horizon), covered (the horizon when they were summed last, null at first).
create temporary table unit_from on commit drop as
select u.unit_key, n.unit_code, n.valid_from as unit_valid_from, r.rule_set, r.bit, min(u.date_from) as date_from
from (
    select unit_key, date_from from mart.touched_cell
    union all
    -- every unit goes on to the new last day, changed or not
    select distinct w.unit_key, cast(:covered as date) + 1
    from mart.overdue_stock as o
    inner join core.dim_unit as w on o.unit_code = w.unit_code and o.unit_valid_from = w.valid_from
    where o.date = :covered and :covered < cast(:through as date)
    union all
    -- a new day brings what was to come
    select unit_key, date
    from mart.daily_flow
    where date > :covered and date <= :through
) as u
inner join core.dim_unit as n on u.unit_key = n.unit_key
cross join core.rule_set as r
where r.is_stored
group by u.unit_key, n.unit_code, n.valid_from, r.rule_set, r.bit
having min(u.date_from) <= :through;

-- Where the horizon moved back, days after it do not count any more.
delete from mart.overdue_stock
where :covered > cast(:through as date) and date > :through;

delete from mart.overdue_stock as o
using unit_from as u
where (o.unit_code, o.unit_valid_from, o.rule_set) = (u.unit_code, u.unit_valid_from, u.rule_set)
    and o.date >= u.date_from;

create temporary table unit_flow on commit drop as
select
    k.unit_key, k.rule_set, m.date,
    cast(sum(m.received) as integer) as received,
    cast(sum(m.resolved_early + m.resolved_on_time + m.resolved_late + m.resolved_untimed) as integer) as resolved,
    cast(sum(m.became_overdue) as integer) as became_overdue,
    cast(sum(m.overdue_cleared) as integer) as overdue_cleared
from mart.daily_flow as m
inner join unit_from as k
    on m.unit_key = k.unit_key and m.rule_sets & k.bit <> 0
    and m.date >= k.date_from
-- the first of all once more, for the index by day
where m.date >= (select min(date_from) from unit_from) and m.date <= :through
group by k.unit_key, k.rule_set, m.date
-- what was only known for a while adds up to nothing
having sum(m.received) <> 0 or sum(m.resolved_early) <> 0 or sum(m.resolved_on_time) <> 0 or sum(m.resolved_late) <> 0
    or sum(m.resolved_untimed) <> 0 or sum(m.became_overdue) <> 0 or sum(m.overdue_cleared) <> 0;

analyze unit_flow;

-- From the first day of a unit on; none where its dossiers have all gone to another unit.
create temporary table unit_day on commit drop as
select
    u.unit_key, u.unit_code, u.unit_valid_from, u.rule_set,
    coalesce(b.overdue_open, 0) as overdue_before,
    coalesce(b.pending, 0) as pending_before,
    cast(d.day as date) as date
from unit_from as u
-- the stock at the end of the day before
left join lateral (
    select o.overdue_open, o.pending
    from mart.overdue_stock as o
    where (o.unit_code, o.unit_valid_from, o.rule_set) = (u.unit_code, u.unit_valid_from, u.rule_set)
        and o.date < u.date_from
    order by o.date desc
    limit 1
) as b on true
left join (
    select unit_key, rule_set, min(date) as first_on
    from unit_flow
    group by unit_key, rule_set
) as f on u.unit_key = f.unit_key and u.rule_set = f.rule_set
cross join lateral generate_series(
    cast(case when b.pending is null then f.first_on else u.date_from end as timestamp),
    cast(:through as timestamp), interval '1 day'
) as d (day);

analyze unit_day;

insert into mart.overdue_stock (
    date, unit_code, unit_valid_from, unit_name, rule_set, newly_overdue, overdue_cleared, overdue_open, pending
)
select
    u.date,
    u.unit_code,
    u.unit_valid_from,
    n.unit_name,
    u.rule_set,
    coalesce(f.became_overdue, 0),
    coalesce(f.overdue_cleared, 0),
    u.overdue_before + sum(coalesce(f.became_overdue - f.overdue_cleared, 0)) over w,
    u.pending_before + sum(coalesce(f.received - f.resolved, 0)) over w
from unit_day as u
inner join core.dim_unit as n on u.unit_key = n.unit_key
left join unit_flow as f on u.unit_key = f.unit_key and u.rule_set = f.rule_set and u.date = f.date
window w as (partition by u.unit_key, u.rule_set order by u.date);
