-- grain: one column more of the register of files
alter table landing.export_file add column etag text;

comment on column landing.export_file.etag is
'ETag that the place of the file gave it (web server, S3); null elsewhere. Spares reading a known file again.';
