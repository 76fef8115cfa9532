-- grain: one export day and source, with what came of its files..
select
    (least(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh')::date as day,
    source,
    count(*) filter (where status = 'loaded') as files_loaded,
    count(*) filter (where status = 'failed') as files_failed,
    sum(rows_read) as rows_read,
    sum(rows_loaded) as rows_loaded,
    sum(rows_unchanged) as rows_unchanged,
    sum(rows_duplicate) as rows_duplicate,
    sum(rows_quarantined) as rows_quarantined
from landing.export_file
where (least(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh')::date = any(:days)
group by day, source
order by day, source;
