-- Finished less than a minute after the reception. A bare date (midnight) says nothing of the time.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where ended_at < received_at + interval '1 minute' and ended_at >= received_at and status in (9, 10) and ended_at <> ended_at::date
