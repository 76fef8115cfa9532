-- The staged steps of one file into the history. A step told again is unchanged; its first arrival is what counts.
-- Parameters: file_id, known_from.
with told as (
    insert into history.process_step (
        dossier_code, source, processed_at, status, department, position, started_at, due_at, effective_from,
        known_from, file_id, row_number
    )
    select
        r.dossier_code, r.source, r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at,
        r.exported_at, :known_from, :file_id, r.row_number
    from landing.staged_row as r
    where r.verdict is null
    on conflict (dossier_code, source, processed_at, status, department, position, started_at, due_at)
    do update set
        known_from = least(process_step.known_from, excluded.known_from),
        effective_from = least(process_step.effective_from, excluded.effective_from)
    -- xmax is 0 for a row that was inserted, not updated
    returning row_number, dossier_code, (xmax = 0) as is_new
),

touched as (
    insert into history.touched_dossier (dossier_code)
    select distinct t.dossier_code
    from told as t
    where t.is_new
    on conflict do nothing
)

update landing.staged_row as r
set verdict = case when t.is_new then 'loaded' else 'unchanged' end
from told as t
where r.verdict is null and r.row_number = t.row_number;
