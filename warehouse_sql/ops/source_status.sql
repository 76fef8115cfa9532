-- grain: one source: its files, rows and how fresh it is.
select
    s.source,
    s.title_vi,
    s.portal,
    max(f.exported_at) filter (where f.status = 'loaded') as last_exported_at,
    max(f.received_at) as last_received_at,
    count(f.file_id) filter (where f.status = 'loaded') as files_loaded,
    count(f.file_id) filter (where f.status = 'failed') as files_failed,
    count(f.file_id) filter (
        where f.status = 'failed'
            and not exists (
                select 1
                from landing.export_file as n
                where n.source = f.source and n.path = f.path and n.status = 'loaded' and n.file_id > f.file_id
            )
    ) as files_not_replaced,
    coalesce(sum(f.rows_read), 0) as rows_read,
    coalesce(sum(f.rows_quarantined), 0) as rows_quarantined
from core.dim_source as s
left join landing.export_file as f on s.source = f.source
group by s.source, s.title_vi, s.portal
order by s.source;
