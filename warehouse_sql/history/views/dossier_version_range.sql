-- grain: one statement, from when to when it holds. The end of a range is the start of the next statement of the same
-- source about the same dossier, so ranges cannot overlap; at one moment of export the later state stands.
create view history.dossier_version_range as
select
    v.version_id,
    v.source,
    v.dossier_code,
    v.effective_from,
    lead(v.effective_from, 1, 'infinity') over w as effective_to,
    v.known_from,
    v.loaded_at,
    v.file_id,
    v.row_number
from history.dossier_version as v
window w as (
    partition by v.dossier_code, v.source order by v.effective_from, v.state_at, v.state_rank, v.file_rank
);

comment on view history.dossier_version_range is
'Effective ranges of statements as known now: grain one row of history.dossier_version.';
comment on column history.dossier_version_range.version_id is 'The statement, history.dossier_version.';
comment on column history.dossier_version_range.source is 'Who said it.';
comment on column history.dossier_version_range.dossier_code is 'Dossier code.';
comment on column history.dossier_version_range.effective_from is 'Start of the range: moment of the export, local time.';
comment on column history.dossier_version_range.effective_to is 'End, not included: the next statement of the same source; infinity for the last. Equal to effective_from where a later state was exported at the same moment.';
comment on column history.dossier_version_range.known_from is 'Known time: arrival of the file.';
comment on column history.dossier_version_range.loaded_at is 'When the row was written.';
comment on column history.dossier_version_range.file_id is 'The file, landing.export_file.';
comment on column history.dossier_version_range.row_number is 'Row in the file.';
