-- Finished by its status, but with neither end of processing nor hand-over.
select
    staged_id,
    'ended_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status in (7, 9, 10) and ended_at is null and returned_at is null
