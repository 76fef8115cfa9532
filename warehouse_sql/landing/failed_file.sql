-- grain: one file of the export days that could not be read. One that was refused for its clock waits for a person instead.
select file_id, source, path, sha256, size_bytes, modified_ns, received_at, clock_ahead
from landing.export_file
where status = 'failed' and clock_ahead is null
    and (least(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh')::date = any(:days)
order by received_at, file_id;
