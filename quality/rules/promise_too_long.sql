-- Promised for more than five years after the reception.
select
    staged_id,
    'due_at' as field,
    due_at::text as value
from landing.staged_row
where kind = 'dossiers' and due_at::date > received_at::date + 1825 and due_at > received_at + interval '5 years'
