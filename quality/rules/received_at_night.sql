-- Received at night, not at midnight sharp (a bare date): the sign of UTC taken for local time.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where (received_at::time >= '23:00' or received_at::time < '05:00')
    and received_at <> received_at::date
