-- Accepted, but without a due date.
select
    staged_id,
    'due_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status in (2, 4, 5, 6, 7, 8, 9, 10) and due_at is null
