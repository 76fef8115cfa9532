-- Whether a clock time was given with the due date and the end of processing, and another code of the same dossier.
alter table landing.staged_row
add column due_has_clock boolean,
add column ended_has_clock boolean,
add column other_code text;

alter table history.dossier_version
add column due_has_clock boolean,
add column ended_has_clock boolean,
add column other_code text;

comment on column history.dossier_version.due_has_clock is
'The due date was given with a clock time; a day alone means that whole day, null without a date.';
comment on column history.dossier_version.ended_has_clock is
'The end of processing was given with a clock time; a day alone means some time of it, null without a date.';
comment on column history.dossier_version.other_code is
'Another code of the same dossier (MaHoSoKhac), where it has the form of a dossier code.';
