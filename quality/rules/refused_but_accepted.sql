-- Accepted by its status, but with a date of refusal.
select
    staged_id,
    'refused_at' as field,
    refused_at::text as value
from landing.staged_row
where refused_at is not null and status in (2, 4, 5, 6, 7, 8, 9, 10)
