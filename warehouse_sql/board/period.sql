-- grain: one reporting period that may be chosen at once: month, quarter and year of a day, and the month before.
-- Parameters: day.
select
    p.kind,
    p.year,
    p.number,
    p.date_from,
    least(p.date_to, cast(:day as date)) as date_to
from mart.period as p
where p.calendar = 'reporting' and p.kind in ('month', 'quarter', 'year')
    and p.date_from <= cast(:day as date)
    and (p.date_to >= cast(:day as date) or (p.kind = 'month' and p.date_to >= cast(:day as date) - 31))
order by p.date_from desc, p.date_to asc
