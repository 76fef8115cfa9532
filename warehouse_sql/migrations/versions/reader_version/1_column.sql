-- Files read before readers had versions have version 0: the next run reads them again from the archive.
alter table landing.export_file add column reader_version smallint not null default 0;

comment on column landing.export_file.reader_version is
'The version of the readers that read it; 0 before they had versions. A run reads files of older versions again from the archive, for what was not read then.';
