-- grain: one content whose arrivals all lie before a moment, with what depends on its bytes.
-- Parameters: before; reader_version (of this version of motcua).
select
    f.sha256,
    count(*) filter (where f.clock_ahead = 'refused') as refused_files,
    count(*) filter (
        where f.reader_version < cast(:reader_version as smallint) and f.kind = 'dossiers' and f.status = 'loaded'
    ) as unread_files,
    coalesce(sum((select count(*) from landing.quarantine as q where q.file_id = f.file_id and q.resolved_at is null)), 0)
        as refused_rows
from landing.export_file as f
group by f.sha256
having max(f.received_at) < :before and bool_and(f.loaded_at is not null)
order by max(f.received_at), f.sha256
