-- The account of one file: each of its rows has a verdict, each verdict a column; what is left was loaded.
-- Parameters: file_no, file_id, known_from.
update landing.export_file as f
set
    rows_read = c.rows_read,
    rows_loaded = c.rows_loaded,
    rows_unchanged = c.rows_unchanged,
    rows_duplicate = c.rows_duplicate,
    rows_quarantined = c.rows_quarantined
from (
    select
        count(*) as rows_read,
        count(*) filter (where verdict is null) as rows_loaded,
        count(*) filter (where verdict = 'unchanged') as rows_unchanged,
        count(*) filter (where verdict = 'duplicate') as rows_duplicate,
        count(*) filter (where verdict = 'quarantined') as rows_quarantined
    from landing.staged_row
    where file_no = :file_no
) as c
where f.file_id = :file_id;

-- A refused row has found its way home when its source says something acceptable of the dossier in a file exported
-- later, whichever of the two came first; of several such files the one that was known first.
update landing.quarantine as q
set resolved_at = greatest(:known_from, f.received_at), resolved_by = 'later_file', resolved_file_id = :file_id
from landing.export_file as f
where q.file_id = f.file_id and q.dossier_code is not null and q.file_id <> :file_id
    and (
        q.resolved_at is null
        or (q.resolved_by = 'later_file' and q.resolved_at > greatest(:known_from, f.received_at))
    )
    and exists (
        select 1
        from landing.staged_row as r
        where r.file_no = :file_no and r.dossier_code = q.dossier_code and r.source = q.source
            and (r.verdict is null or r.verdict = 'unchanged') and r.exported_at > f.effective_at
    );

update landing.quarantine as q
set resolved_at = o.resolved_at, resolved_by = 'later_file', resolved_file_id = o.file_id
from (
    select distinct on (w.quarantine_id)
        w.quarantine_id,
        s.file_id,
        greatest(:known_from, f.received_at) as resolved_at
    from landing.quarantine as w
    inner join landing.export_file as x on w.file_id = x.file_id
    inner join (
        select v.source, v.dossier_code, v.effective_from, v.file_id from history.dossier_version as v
        union all
        select e.source, e.dossier_code, e.effective_from, e.file_id from history.dossier_repeat as e
        union all
        select p.source, p.dossier_code, p.effective_from, p.file_id from history.process_step as p
    ) as s on w.source = s.source and w.dossier_code = s.dossier_code and x.effective_at < s.effective_from
    inner join landing.export_file as f on s.file_id = f.file_id
    where w.file_id = :file_id and w.resolved_at is null
    order by w.quarantine_id asc, resolved_at asc, s.effective_from asc, s.file_id asc
) as o
where q.quarantine_id = o.quarantine_id;
