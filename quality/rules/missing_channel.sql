-- No channel from a portal that sends it: a list without procedure codes has no column of channels either.
select
    staged_id,
    'channel' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and channel is null and procedure_code is not null
