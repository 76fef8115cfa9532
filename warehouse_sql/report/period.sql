-- grain: the one period of a report, with the name that it has in a calendar, and the one it is compared with: the last
-- of the same calendar and kind that ended before it began; for a period without a name as many days just before.
-- Parameters: date_from, date_to.
with
named as (
    select p.calendar, p.kind, p.label_vi, f.date_from as former_from, f.date_to as former_to, f.label_vi as former_label_vi
    from mart.period as p
    left join lateral (
        select g.date_from, g.date_to, g.label_vi
        from mart.period as g
        where g.calendar = p.calendar and g.kind = p.kind and g.date_to < p.date_from
        order by g.date_to desc
        limit 1
    ) as f on true
    where p.date_from = :date_from and p.date_to = :date_to
    order by p.calendar desc, p.kind asc
    limit 1
)

select
    n.calendar,
    n.kind,
    n.label_vi,
    n.former_label_vi,
    coalesce(n.former_from, cast(:date_from as date) - (cast(:date_to as date) - cast(:date_from as date) + 1)) as former_from,
    coalesce(n.former_to, cast(:date_from as date) - 1) as former_to
from (select 1) as always
left join named as n on true;
