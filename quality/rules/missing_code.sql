-- A row without a dossier code.
select
    staged_id,
    'dossier_code' as field,
    null::text as value
from landing.staged_row
where dossier_code is null
