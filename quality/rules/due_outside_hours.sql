-- Promised for a time outside office hours. Midnight sharp is a bare date, and a last minute or second stands for the day.
select
    staged_id,
    'due_at' as field,
    due_at::text as value
from landing.staged_row
where kind = 'dossiers'
    and (
        due_at::time < (select min(o.from_time) from core.office_session as o)
        or due_at::time > (select max(o.to_time) from core.office_session as o)
    )
    and due_at::time not in ('00:00', '23:59', '23:59:59')
