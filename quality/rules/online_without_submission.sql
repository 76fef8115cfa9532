-- Online, but without the time of submission.
select
    staged_id,
    'submitted_at' as field,
    null::text as value
from landing.staged_row
where channel = 2 and submitted_at is null
