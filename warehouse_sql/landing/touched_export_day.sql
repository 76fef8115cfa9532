-- grain: one export day of which a file was taken in since the last run that went well ended.
select distinct (least(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh')::date as day
from landing.export_file
where loaded_at >= coalesce((select max(ended_at) from ops.run where status = 'success'), '-infinity')
order by day;
