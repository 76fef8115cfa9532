-- A status that is neither in the code list nor in the source's map. A step may have none.
select
    staged_id,
    'status' as field,
    status_raw as value
from landing.staged_row
where status is null and (kind = 'dossiers' or status_raw is not null)
