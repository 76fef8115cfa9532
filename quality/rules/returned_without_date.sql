-- Handed over by its status, but without the date of it. A list without procedure codes has no such column.
select
    staged_id,
    'returned_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status = 10 and returned_at is null and procedure_code is not null
