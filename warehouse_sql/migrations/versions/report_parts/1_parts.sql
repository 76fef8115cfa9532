alter table ops.report_file add column parts jsonb;
comment on column ops.report_file.parts is
'Of a document that people complete by hand: each paragraph and table row that motcua wrote and that is no blank, as section, digest and first words; null for other files.';
