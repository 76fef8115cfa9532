-- Ended at night, not at midnight sharp (a bare date): the sign of UTC taken for local time.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where (ended_at::time >= '23:00' or ended_at::time < '05:00')
    and ended_at <> ended_at::date
