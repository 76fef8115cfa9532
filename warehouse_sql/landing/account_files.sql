-- The accounts of all files of a run: each of their rows has a verdict or was let in, as news or as a repeat. Needs run_file
-- and staged_news.
with account as materialized (
    select
        n.file_id,
        sum(s.rows_read) as rows_read,
        coalesce(max(w.rows_loaded), 0) as rows_loaded,
        coalesce(sum(s.rows_read) filter (where s.verdict = 'duplicate'), 0) as rows_duplicate,
        coalesce(sum(s.rows_read) filter (where s.verdict = 'quarantined'), 0) as rows_quarantined
    from run_file as n
    inner join (
        select r.file_no, r.verdict, count(*) as rows_read
        from landing.staged_row as r
        group by r.file_no, r.verdict
    ) as s on n.file_no = s.file_no
    left join (
        select x.file_id, count(*) as rows_loaded
        from staged_news as x
        group by x.file_id
    ) as w on n.file_id = w.file_id
    group by n.file_id
)

update landing.export_file as f
set
    rows_read = c.rows_read,
    rows_loaded = c.rows_loaded,
    rows_unchanged = c.rows_read - c.rows_loaded - c.rows_duplicate - c.rows_quarantined,
    rows_duplicate = c.rows_duplicate,
    rows_quarantined = c.rows_quarantined
from account as c
where f.file_id = c.file_id;

-- A refused row has found its way home when its source says something acceptable of the dossier in a file exported
-- later, whichever of the two came first; of several such files the one that was known first.
with resolution as materialized (
    select distinct on (w.quarantine_id)
        w.quarantine_id,
        f.file_id,
        greatest(f.received_at, x.received_at) as resolved_at
    from landing.quarantine as w
    inner join landing.export_file as x on w.file_id = x.file_id
    inner join landing.staged_row as r
        on w.source = r.source and w.dossier_code = r.dossier_code and x.effective_at < r.exported_at
    inner join run_file as n on r.file_no = n.file_no
    inner join landing.export_file as f on n.file_id = f.file_id
    where r.verdict is null
        and (
            w.resolved_at is null
            or (w.resolved_by = 'later_file' and w.resolved_at > greatest(f.received_at, x.received_at))
        )
    order by w.quarantine_id asc, resolved_at asc, r.exported_at asc, f.file_id asc
)

update landing.quarantine as q
set resolved_at = o.resolved_at, resolved_by = 'later_file', resolved_file_id = o.file_id
from resolution as o
where q.quarantine_id = o.quarantine_id;

create temporary table refused_before on commit drop as
select
    w.quarantine_id, w.source, w.dossier_code, w.resolved_at, w.resolved_by, x.effective_at, x.received_at as refused_at
from run_file as n
inner join landing.quarantine as w on n.file_id = w.file_id
inner join landing.export_file as x on w.file_id = x.file_id
where w.dossier_code is not null;

analyze refused_before;

with resolution as materialized (
    select distinct on (s.quarantine_id)
        s.quarantine_id,
        s.file_id,
        greatest(f.received_at, s.refused_at) as resolved_at
    from (
        select w.quarantine_id, w.refused_at, w.resolved_at, w.resolved_by, v.effective_from, v.file_id
        from refused_before as w
        inner join history.dossier_version as v
            on w.dossier_code = v.dossier_code and w.source = v.source and w.effective_at < v.effective_from
        union all
        select w.quarantine_id, w.refused_at, w.resolved_at, w.resolved_by, e.effective_from, e.file_id
        from refused_before as w
        inner join history.dossier_repeat as e
            on w.dossier_code = e.dossier_code and w.source = e.source and w.effective_at < e.effective_from
        union all
        select w.quarantine_id, w.refused_at, w.resolved_at, w.resolved_by, p.effective_from, p.file_id
        from refused_before as w
        inner join history.process_step as p
            on w.dossier_code = p.dossier_code and w.source = p.source and w.effective_at < p.effective_from
    ) as s
    inner join landing.export_file as f on s.file_id = f.file_id
    where s.resolved_at is null or (s.resolved_by = 'later_file' and s.resolved_at > greatest(f.received_at, s.refused_at))
    order by s.quarantine_id asc, greatest(f.received_at, s.refused_at) asc, s.effective_from asc, s.file_id asc
)

update landing.quarantine as q
set resolved_at = o.resolved_at, resolved_by = 'later_file', resolved_file_id = o.file_id
from resolution as o
where q.quarantine_id = o.quarantine_id;

drop table refused_before;
