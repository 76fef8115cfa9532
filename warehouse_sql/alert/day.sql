-- grain: one day up to `through`, the last :days of them and a month before: what kind of day it is, and whether all feeds came.
-- Parameters: through (last day covered by exports), days.
select
    d.date,
    d.is_working_day,
    d.is_holiday,
    not exists (
        select 1
        from ops.feed_day as f
        where f.day = d.date and f.status in ('missing', 'thin', 'failed') and f.healed_on is null
    ) as is_whole
from core.dim_date as d
where d.date <= cast(:through as date) and d.date > cast(:through as date) - cast(:days as integer) - 31
order by d.date;
