-- Finished on a day on which offices do not work.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where -- hashed once: the calendar has some ten thousand days off
    ended_at::date in (select d.date from core.dim_date as d where not d.is_working_day)
