-- The staged steps of all files of a run into the history. A step that is stated again is unchanged; its first arrival is what counts.
-- Needs run_file (file_no, file_id); adds the rows that are news to staged_news (staged_id, file_id).
create temporary table staged_step on commit drop as
select
    r.staged_id,
    r.dossier_code,
    r.source,
    r.processed_at,
    r.status,
    r.department,
    r.position,
    r.started_at,
    r.due_at,
    r.row_number,
    f.file_id,
    min(f.received_at) over w as known_from,
    min(r.exported_at) over w as effective_from,
    row_number() over (w order by r.exported_at, left(f.sha256, 16), r.staged_id) as place,
    t.known_from is not null as is_kept,
    t.known_from as kept_known_from
from landing.staged_row as r
inner join run_file as n on r.file_no = n.file_no
inner join landing.export_file as f on n.file_id = f.file_id
left join lateral (
    select p.known_from
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

analyze staged_step;

insert into staged_news (staged_id, file_id)
select s.staged_id, s.file_id from staged_step as s where s.place = 1 and not s.is_kept;

update history.process_step as p
set known_from = least(p.known_from, s.known_from), effective_from = least(p.effective_from, s.effective_from)
from staged_step as s
where s.is_kept and s.place = 1 and p.dossier_code = s.dossier_code and p.source = s.source
    and (p.known_from > s.known_from or p.effective_from > s.effective_from)
    and (p.processed_at, p.status, p.department, p.position, p.started_at, p.due_at)
    is not distinct from (s.processed_at, s.status, s.department, s.position, s.started_at, s.due_at);

-- staged_step lies in the order of the key, so that the index is written from one end to the other.
insert into history.process_step (
    dossier_code, source, processed_at, status, department, position, started_at, due_at, effective_from, known_from,
    file_id, row_number
)
select
    s.dossier_code, s.source, s.processed_at, s.status, s.department, s.position, s.started_at, s.due_at,
    s.effective_from, s.known_from, s.file_id, s.row_number
from staged_step as s
where s.place = 1 and not s.is_kept;

insert into history.touched_dossier (dossier_code)
select distinct s.dossier_code
from staged_step as s
where s.place = 1
    and (not s.is_kept or s.known_from < s.kept_known_from)
    -- most are touched already, by what their source says of the dossier itself
    and not exists (select 1 from history.touched_dossier as t where s.dossier_code = t.dossier_code)
on conflict do nothing;

drop table staged_step;
