-- Promised for a day on which offices do not work.
select
    staged_id,
    'due_at' as field,
    due_at::text as value
from landing.staged_row
where kind = 'dossiers'
    -- hashed once: the calendar has some ten thousand days off
    and due_at::date in (select d.date from core.dim_date as d where not d.is_working_day)
