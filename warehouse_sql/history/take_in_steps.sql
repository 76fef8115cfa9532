-- The staged steps of one file into the history. A step told again is unchanged; its first arrival is what counts.
-- Parameters: file_no, file_id, known_from.
update landing.staged_row as r
set verdict = 'unchanged'
from (
    select s.staged_id
    from landing.staged_row as s
    cross join lateral (
        select 1 as told
        from history.process_step as p
        where p.dossier_code = s.dossier_code and p.source = s.source
            and (p.processed_at, p.status, p.department, p.position, p.started_at, p.due_at)
            is not distinct from (s.processed_at, s.status, s.department, s.position, s.started_at, s.due_at)
        -- at most one: the columns are a key; the limit keeps the look-up one by one
        order by p.file_id
        limit 1
    ) as t
    where s.file_no = :file_no and s.verdict is null
) as t
where r.staged_id = t.staged_id;

update history.process_step as p
set known_from = :known_from, effective_from = least(p.effective_from, r.exported_at)
from landing.staged_row as r
where r.file_no = :file_no and r.verdict = 'unchanged' and p.dossier_code = r.dossier_code and p.source = r.source
    and p.known_from > :known_from
    and (p.processed_at, p.status, p.department, p.position, p.started_at, p.due_at)
    is not distinct from (r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at);

insert into history.process_step (
    dossier_code, source, processed_at, status, department, position, started_at, due_at, effective_from, known_from,
    file_id, row_number
)
select
    r.dossier_code, r.source, r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at,
    r.exported_at, :known_from, :file_id, r.row_number
from landing.staged_row as r
where r.file_no = :file_no and r.verdict is null;

insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from landing.staged_row as r
where r.file_no = :file_no and r.verdict is null
on conflict do nothing;
