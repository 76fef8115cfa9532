-- grain: one export day of which a file was taken in since :since.
select distinct (coalesce(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh')::date as day
from landing.export_file
where loaded_at >= :since
order by day;
