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

-- A refused row has found its way home when its source says something readable of the dossier later.
update landing.quarantine as q
set resolved_at = :known_from
from landing.export_file as f
where q.file_id = f.file_id and q.resolved_at is null and q.dossier_code is not null
    and q.file_id <> :file_id
    and exists (
        select 1
        from landing.staged_row as r
        where r.file_no = :file_no and r.dossier_code = q.dossier_code and r.source = q.source and (r.verdict is null or r.verdict = 'unchanged')
            and r.exported_at > coalesce(f.exported_at, f.received_at) at time zone 'Asia/Ho_Chi_Minh'
    );
