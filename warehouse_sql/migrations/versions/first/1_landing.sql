-- The landing layer: which files came, what of them waits to be believed, what was refused.
create schema landing;
create schema history;
create schema core;
create schema mart;
create schema ops;

-- grain: one content (SHA-256) of one path of one source
create table landing.export_file (
    file_id bigint generated always as identity primary key,
    source text not null,
    path text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    kind text check (kind in ('dossiers', 'steps')),
    size_bytes bigint not null,
    modified_ns bigint not null,
    exported_at timestamptz,
    received_at timestamptz not null,
    effective_at timestamp not null
    generated always as (coalesce(exported_at, received_at) at time zone 'Asia/Ho_Chi_Minh') stored,
    loaded_at timestamptz,
    status text not null check (status in ('loaded', 'failed')),
    columns text[] not null default '{}',
    complete_from date,
    complete_to date,
    rows_read integer not null default 0,
    rows_loaded integer not null default 0,
    rows_unchanged integer not null default 0,
    rows_duplicate integer not null default 0,
    rows_quarantined integer not null default 0,
    error text,
    remarks text[] not null default '{}',
    unique (source, path, sha256),
    constraint every_row_accounted
    check (rows_read = rows_loaded + rows_unchanged + rows_duplicate + rows_quarantined),
    constraint failure_says_why check ((status = 'failed') = (error is not null)),
    constraint complete_from_to check (complete_from <= complete_to)
);
create index on landing.export_file (source, sha256);
create index on landing.export_file (source, effective_at) where complete_from is not null;

comment on table landing.export_file is
'Every export file that came: grain one content (SHA-256) of one path. rows_read = rows_loaded + rows_unchanged + rows_duplicate + rows_quarantined.';
comment on column landing.export_file.file_id is 'Key of the file in this warehouse.';
comment on column landing.export_file.source is 'Key of the source in sources.yaml: dvcqg, igate, angiang or an office''s own.';
comment on column landing.export_file.path is 'Path relative to the landing root, source folder included.';
comment on column landing.export_file.sha256 is 'SHA-256 of the bytes; the archive keeps the file under this name.';
comment on column landing.export_file.kind is 'dossiers or steps; null when the file could not be read.';
comment on column landing.export_file.size_bytes is 'Size in bytes.';
comment on column landing.export_file.modified_ns is 'Modification time of the landed file, nanoseconds since 1970 UTC; spares reading a known file again.';
comment on column landing.export_file.exported_at is 'When the portal made the export; null when the file does not say.';
comment on column landing.export_file.received_at is 'When the file arrived: the known time of all it says.';
comment on column landing.export_file.effective_at is 'The moment of the export in local time of Vietnam; the arrival where the file does not say it.';
comment on column landing.export_file.loaded_at is 'When it was taken in; null while a rebuild has still to replay it.';
comment on column landing.export_file.status is 'loaded, or failed (see error).';
comment on column landing.export_file.columns is 'Columns the file can speak of; where a column is not among them, an empty value says nothing.';
comment on column landing.export_file.complete_from is 'First day of reception of which the file, with others of its moment, names every dossier of its source; null where absence says nothing.';
comment on column landing.export_file.complete_to is 'Last such day.';
comment on column landing.export_file.rows_read is 'Rows of the file; title, blank and total rows are not rows.';
comment on column landing.export_file.rows_loaded is 'Rows that said something new about their dossier.';
comment on column landing.export_file.rows_unchanged is 'Rows that repeat what this source had already said.';
comment on column landing.export_file.rows_duplicate is 'Rows given up for a later state of the same dossier in the same file.';
comment on column landing.export_file.rows_quarantined is 'Rows refused by the gate, see landing.quarantine.';
comment on column landing.export_file.error is 'Why the file could not be read and what to do, in Vietnamese.';
comment on column landing.export_file.remarks is 'Headings, codes or fields that are not known, each by name.';

-- grain: one row of one file of the present run; emptied when a run begins
create unlogged table landing.staged_row (
    staged_id integer not null,
    file_no integer not null default 0,
    kind text not null,
    source text not null,
    exported_at timestamp not null,
    sheet text,
    row_number bigint not null,
    dossier_code text,
    status_raw text,
    status smallint,
    channel smallint,
    procedure_code text,
    procedure_name text,
    field_code text,
    field_name text,
    unit_code text,
    unit_name text,
    submitted_at timestamp,
    received_at timestamp,
    due_at timestamp,
    ended_at timestamp,
    returned_at timestamp,
    refused_at timestamp,
    supplement_requested_at timestamp,
    supplements jsonb,
    limit_value double precision,
    limit_unit text,
    payment_online smallint,
    fee_amount bigint,
    is_digitised boolean,
    is_identified boolean,
    has_electronic_result boolean,
    has_household_book boolean,
    has_identity_copy boolean,
    result_by_post boolean,
    processed_at timestamp,
    started_at timestamp,
    department text,
    position text,
    is_synthetic boolean,
    unreadable_field text,
    unreadable_value text,
    state_at timestamp,
    state_rank smallint,
    -- Given by the gate and the take-in, in this order; a row that is left without one is loaded.
    verdict text check (verdict in ('quarantined', 'duplicate', 'unchanged')),
    refused_rule text,
    refused_field text,
    refused_value text,
    flags text[] not null default '{}'
);
create index on landing.staged_row (file_no);
create index on landing.staged_row (staged_id) where flags <> '{}';
comment on table landing.staged_row is
'Rows of the new files of the present run, on their way through the gate: one row per row of a file (file_no), emptied when a run begins.';

-- grain: one refused row of one file
create table landing.quarantine (
    quarantine_id bigint generated always as identity primary key,
    file_id bigint not null references landing.export_file,
    source text not null,
    file text not null,
    sheet text,
    row_number bigint not null,
    dossier_code text,
    rule_id text not null,
    field text not null,
    value text,
    message_vi text not null,
    payload jsonb not null,
    first_seen_at timestamptz not null,
    resolved_at timestamptz,
    resolved_by text check (resolved_by in ('later_file', 'replay', 'correction')),
    resolved_file_id bigint references landing.export_file,
    unique nulls not distinct (file_id, sheet, row_number),
    constraint resolution_says_how check ((resolved_at is null) = (resolved_by is null))
);
create index on landing.quarantine (dossier_code, source);

comment on table landing.quarantine is
'Rows refused by the gate: grain one row of one file, under the first rule that held. Nothing is ever deleted here.';
comment on column landing.quarantine.quarantine_id is 'Key.';
comment on column landing.quarantine.file_id is 'The file, landing.export_file.';
comment on column landing.quarantine.source is 'Source of the file.';
comment on column landing.quarantine.file is 'Path of the file relative to the landing root.';
comment on column landing.quarantine.sheet is 'Worksheet; null for JSON and CSV.';
comment on column landing.quarantine.row_number is 'Worksheet row, CSV line or place in the JSON list, from 1.';
comment on column landing.quarantine.dossier_code is 'Dossier code as written, if any.';
comment on column landing.quarantine.rule_id is 'Rule of the catalogue that refused it.';
comment on column landing.quarantine.field is 'Field at fault, by its canonical or source name.';
comment on column landing.quarantine.value is 'What stands there.';
comment on column landing.quarantine.message_vi is 'What is wrong and what to do, in Vietnamese.';
comment on column landing.quarantine.payload is 'The row as read, without any personal data of citizens.';
comment on column landing.quarantine.first_seen_at is 'When it was first refused.';
comment on column landing.quarantine.resolved_at is 'When it found its way home: a later row of the same source about this dossier was accepted, or this row was; null while open.';
comment on column landing.quarantine.resolved_by is 'later_file: a file exported later says something accepted of this dossier; replay: this row was accepted after a rule or a code map was mended; correction: after corrections.yaml mended it.';
comment on column landing.quarantine.resolved_file_id is 'The later file, landing.export_file; null for the other ways.';
