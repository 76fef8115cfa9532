-- What an older version of the readers left out of one file, added to the statements that were made of it. Arrivals stay, and so does
-- all that was read before. Needs the rows of the file in landing.staged_row, judged, and what its source exported before it completed
-- already, and run_file; leaves there the rows that were repeats of a statement and are of another one, or news. Parameters: file_id,
-- columns, reader_version.
insert into reread_file (file_id)
select o.file_id
from landing.export_file as f
inner join landing.export_file as o on f.source = o.source
where f.file_id = :file_id and o.reader_version < :reader_version;

create temporary table completed_statement on commit drop as
select v.dossier_code, v.source, v.version_id, r.due_has_clock, r.ended_has_clock, r.other_code
from landing.staged_row as r
inner join history.dossier_version as v
    on r.dossier_code = v.dossier_code and r.source = v.source
inner join landing.export_file as f on v.file_id = f.file_id
where f.file_id = :file_id and r.kind = 'dossiers'
    -- a statement that had been a repeat need not know its row
    and (
        (v.row_number = r.row_number and v.sheet is not distinct from r.sheet)
        or (v.row_number is null and r.verdict is null)
    )
    and (
        f.columns <> cast(:columns as text [])
        or (v.due_has_clock, v.ended_has_clock, v.other_code) is distinct from (r.due_has_clock, r.ended_has_clock, r.other_code)
    );

update history.dossier_version as v
set due_has_clock = c.due_has_clock, ended_has_clock = c.ended_has_clock, other_code = c.other_code
from completed_statement as c
where c.dossier_code = v.dossier_code and c.source = v.source and c.version_id = v.version_id;

update landing.export_file
set columns = cast(:columns as text [])
where file_id = :file_id;

insert into history.touched_dossier (dossier_code)
select distinct c.dossier_code
from completed_statement as c
on conflict do nothing;

create temporary table row_read_again on commit drop as
select s.*, f.file_id, f.received_at as known_from, f.columns as file_columns, left(f.sha256, 16) as file_rank
from landing.staged_row as s
inner join landing.export_file as f on f.file_id = :file_id
where s.kind = 'dossiers' and s.verdict is null;

create temporary table other_repeat on commit drop as
select r.staged_id, r.dossier_code, r.source
from row_read_again as r
cross join lateral (
    select v.*
    from history.dossier_version as v
    where v.dossier_code = r.dossier_code and v.source = r.source
        and (v.effective_from, v.state_at, v.state_rank, v.file_rank)
        <= (r.exported_at, r.state_at, r.state_rank, r.file_rank)
    order by v.effective_from desc, v.state_at desc, v.state_rank desc, v.file_rank desc
    limit 1
) as p
inner join landing.export_file as pf on p.file_id = pf.file_id
inner join history.dossier_repeat as q
    on r.dossier_code = q.dossier_code and r.source = q.source and r.file_id = q.file_id
where q.version_id <> p.version_id or pf.columns <> r.file_columns or p.known_from > r.known_from
    or (p.due_has_clock, p.ended_has_clock, p.other_code) is distinct from (r.due_has_clock, r.ended_has_clock, r.other_code);

-- The range of a file that is no complete list is of that file alone.
delete from history.repeat_range as g
using other_repeat as o
where g.dossier_code = o.dossier_code and g.source = o.source and g.first_file_id = :file_id
    and g.first_file_id in (select f.file_id from landing.export_file as f where f.complete_from is null);

delete from landing.staged_row as r
where not exists (select 1 from other_repeat as o where o.staged_id = r.staged_id);

drop table completed_statement, row_read_again, other_repeat;
