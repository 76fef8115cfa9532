-- Not accepted by its status, but with a reception date: no form knows where to count it.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where kind = 'dossiers' and status in (1, 3) and received_at is not null
