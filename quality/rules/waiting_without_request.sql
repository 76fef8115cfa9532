-- Waits for a supplement, but no request is dated. A list without procedure codes has no such column.
select
    staged_id,
    'supplement_requested_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status = 5 and supplement_requested_at is null and procedure_code is not null
    and not coalesce(jsonb_path_exists(supplements, '$[*] ? (@.requested_at != null)'), false)
