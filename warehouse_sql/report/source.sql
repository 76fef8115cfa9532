-- grain: one source and what of it had arrived by a moment. Parameters: known_at.
select
    s.source,
    s.title_vi,
    s.title_en,
    count(f.file_id) filter (where f.status = 'loaded') as files_loaded,
    count(f.file_id) filter (where f.status = 'failed') as files_failed,
    cast(coalesce(sum(f.rows_read), 0) as bigint) as rows_read,
    max(f.exported_at) filter (where f.status = 'loaded') as last_exported_at,
    max(f.received_at) filter (where f.status = 'loaded') as last_received_at
from core.dim_source as s
left join landing.export_file as f on s.source = f.source and f.received_at <= cast(:known_at as timestamptz)
group by s.source, s.title_vi, s.title_en
order by s.source;
