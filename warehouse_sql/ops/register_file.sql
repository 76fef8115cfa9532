-- Notes one content of one file of an issue; the same bytes again count on. Parameters: report_id, file_name, sha256,
-- size_bytes, is_sealed, parts.
insert into ops.report_file as f (
    report_id, file_name, sha256, size_bytes, is_sealed, parts, first_written_at, last_written_at
)
values (:report_id, :file_name, :sha256, :size_bytes, :is_sealed, cast(:parts as jsonb), clock_timestamp(), clock_timestamp())
on conflict (report_id, file_name, sha256) do update
set parts = excluded.parts, last_written_at = greatest(f.last_written_at, excluded.last_written_at), written_count = f.written_count + 1;
