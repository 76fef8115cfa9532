-- grain: one source and the different contents of its files that had arrived by a moment.
-- Parameters: known_at.
with content as (
    select
        f.source,
        f.sha256,
        min(f.status) as status,
        min(f.rows_read) as rows_read,
        max(f.exported_at) as exported_at
    from landing.export_file as f
    where f.received_at <= cast(:known_at as timestamptz)
    group by f.source, f.sha256
)

select
    s.source,
    s.title_vi,
    count(c.sha256) filter (where c.status = 'loaded') as files_loaded,
    count(c.sha256) filter (where c.status = 'failed') as files_failed,
    cast(coalesce(sum(c.rows_read), 0) as bigint) as rows_read,
    min(c.exported_at) filter (where c.status = 'loaded') as first_exported_at,
    max(c.exported_at) filter (where c.status = 'loaded') as last_exported_at,
    encode(sha256(convert_to(coalesce(
        string_agg(c.sha256, E'\n' order by c.sha256 collate "C") filter (where c.status = 'loaded'), ''
    ), 'UTF8')), 'hex') as files_digest
from core.dim_source as s
left join content as c on s.source = c.source
group by s.source, s.title_vi
having count(c.sha256) > 0
order by s.source collate "C";
