-- Open by its status, but with an end of processing. A stopped one (8) may have ended.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where ended_at is not null and status in (1, 2, 4, 5, 6)
