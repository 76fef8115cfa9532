-- grain: one file that named a dossier with what its source had stated of it before, out of the ranges.
-- As history.presence, with the rights of whoever asks.
create view history.dossier_repeat with (security_invoker = true) as
select
    r.dossier_code,
    r.source,
    r.first_at as effective_from,
    r.first_file_id as file_id,
    r.row_number,
    r.sheet,
    r.version_id
from history.repeat_range as r
where not r.begins_with_statement
union all
select
    r.dossier_code,
    r.source,
    f.effective_at,
    f.file_id,
    null,
    null,
    r.version_id
from history.repeat_range as r
inner join landing.export_file as f
    on r.source = f.source and f.complete_from is not null
    and (r.first_at, r.first_file_id) < (f.effective_at, f.file_id)
    and (r.last_at, r.last_file_id) >= (f.effective_at, f.file_id)
where r.last_file_id is distinct from r.first_file_id;

comment on view history.dossier_repeat is
'Files that repeated what their source stated before: grain one dossier in one file, out of history.repeat_range. Needed when a late file puts another statement in between: the repeat then becomes a statement of its own.';
comment on column history.dossier_repeat.dossier_code is 'Dossier code.';
comment on column history.dossier_repeat.source is 'Who stated it.';
comment on column history.dossier_repeat.effective_from is 'Moment of the export, local time.';
comment on column history.dossier_repeat.file_id is 'The file, landing.export_file.';
comment on column history.dossier_repeat.row_number is 'Row in the file; null inside a range of complete lists.';
comment on column history.dossier_repeat.sheet is 'Worksheet of the row.';
comment on column history.dossier_repeat.version_id is 'The statement it repeats, history.dossier_version.';
