-- Submitted after it was received. A bare reception date (midnight) stands for its whole day.
select
    staged_id,
    'submitted_at' as field,
    submitted_at::text as value
from landing.staged_row
where submitted_at > received_at and not (received_at = received_at::date and submitted_at::date = received_at::date)
