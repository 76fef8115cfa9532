-- Promised for the very second of the reception. Two bare dates promise the same day.
select
    staged_id,
    'due_at' as field,
    due_at::text as value
from landing.staged_row
where kind = 'dossiers' and due_at = received_at and received_at <> received_at::date
