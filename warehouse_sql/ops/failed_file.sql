-- grain: one file that could not be read and was not replaced by a readable one under its name.
select
    f.path,
    f.received_at,
    f.error
from landing.export_file as f
where f.status = 'failed'
    and not exists (
        select 1
        from landing.export_file as n
        where n.source = f.source and n.path = f.path and n.status = 'loaded' and n.file_id > f.file_id
    )
order by f.received_at desc, f.path asc;
