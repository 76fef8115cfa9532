-- grain: one source, with its newest export that could be read and how many there are. is_new: a file of it was taken in since the last
-- run that went well ended.
select distinct on (source)
    source,
    path,
    exported_at,
    received_at,
    rows_read,
    count(*) over (partition by source) as files,
    max(loaded_at) over (partition by source)
    >= coalesce((select max(r.ended_at) from ops.run as r where r.status = 'success'), '-infinity') as is_new
from landing.export_file
where status = 'loaded' and loaded_at is not null
order by source asc, effective_at desc, file_id desc;
