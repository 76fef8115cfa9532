-- Handed over before the end of processing.
select
    staged_id,
    'returned_at' as field,
    returned_at::text as value
from landing.staged_row
where kind = 'dossiers' and returned_at < ended_at
