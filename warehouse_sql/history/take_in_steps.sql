-- The staged steps of all files of a run into the history. A step told again is unchanged; its first arrival is what counts.
-- Needs run_file (file_no, file_id); adds the rows that are news to staged_news (staged_id).
create temporary table staged_step on commit drop as
select
    r.staged_id,
    f.file_id,
    min(f.received_at) over w as known_from,
    min(r.exported_at) over w as effective_from,
    row_number() over (w order by r.exported_at, left(f.sha256, 16), r.staged_id) as place,
    t.is_kept is not null as is_kept
from landing.staged_row as r
inner join run_file as n on r.file_no = n.file_no
inner join landing.export_file as f on n.file_id = f.file_id
left join lateral (
    select true as is_kept
    from history.process_step as p
    where p.dossier_code = r.dossier_code and p.source = r.source
        and (p.processed_at, p.status, p.department, p.position, p.started_at, p.due_at)
        is not distinct from (r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at)
    -- at most one: the columns are a key; the limit keeps the look-up one by one
    order by p.file_id
    limit 1
) as t on true
where r.kind = 'steps' and r.verdict is null
window w as (
    partition by
        r.dossier_code, r.source, r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at
);

insert into staged_news (staged_id)
select s.staged_id from staged_step as s where s.place = 1 and not s.is_kept;

update history.process_step as p
set known_from = least(p.known_from, s.known_from), effective_from = least(p.effective_from, s.effective_from)
from staged_step as s
inner join landing.staged_row as r on s.staged_id = r.staged_id
where s.is_kept and s.place = 1 and p.dossier_code = r.dossier_code and p.source = r.source
    and (p.known_from > s.known_from or p.effective_from > s.effective_from)
    and (p.processed_at, p.status, p.department, p.position, p.started_at, p.due_at)
    is not distinct from (r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at);

insert into history.process_step (
    dossier_code, source, processed_at, status, department, position, started_at, due_at, effective_from, known_from,
    file_id, row_number
)
select
    r.dossier_code, r.source, r.processed_at, r.status, r.department, r.position, r.started_at, r.due_at,
    s.effective_from, s.known_from, s.file_id, r.row_number
from staged_step as s
inner join landing.staged_row as r on s.staged_id = r.staged_id
where s.place = 1 and not s.is_kept;

insert into history.touched_dossier (dossier_code)
select distinct r.dossier_code
from staged_step as s
inner join landing.staged_row as r on s.staged_id = r.staged_id
where s.place = 1 and not s.is_kept
on conflict do nothing;

drop table staged_step;
