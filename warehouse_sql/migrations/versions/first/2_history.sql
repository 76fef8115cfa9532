-- The history layer: what each source said of each dossier, when it said so, and when we learned it.

-- grain: one statement of one source about one dossier that differs from what the source said before it
create table history.dossier_version (
    version_id bigint generated always as identity,
    source text not null,
    dossier_code text not null,
    effective_from timestamp not null,
    state_at timestamp not null,
    state_rank smallint not null,
    file_rank text not null,
    known_from timestamptz not null,
    loaded_at timestamptz not null default now(),
    file_id bigint not null references landing.export_file,
    sheet text,
    row_number bigint not null,
    status smallint not null,
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
    flags text[] not null default '{}',
    -- Ranges are drawn from one statement to the next, so two that overlap cannot be stored.
    primary key (dossier_code, source, effective_from, state_at, state_rank, file_rank)
);
-- Files arrive one after the other: what became known since a moment lies together.
create index on history.dossier_version using brin (known_from) with (pages_per_range = 16);
comment on table history.dossier_version is
'What a source said of a dossier: grain one statement that differs from the one before it. Append-only. It holds from effective_from until the next statement of the same source.';
comment on column history.dossier_version.version_id is 'Key of the statement in this warehouse; not kept through a rebuild.';
comment on column history.dossier_version.source is 'Who said it.';
comment on column history.dossier_version.dossier_code is 'Dossier code (mã hồ sơ).';
comment on column history.dossier_version.effective_from is 'Effective time: the moment of the export, local time of Vietnam.';
comment on column history.dossier_version.state_at is 'Latest instant the row itself speaks of; orders statements of one export moment.';
comment on column history.dossier_version.state_rank is 'Place of the status in a dossier''s life: the second tie-breaker.';
comment on column history.dossier_version.file_rank is 'Start of the file''s SHA-256: the last tie-breaker, the same in any order of loading.';
comment on column history.dossier_version.known_from is 'Known time: arrival of the file.';
comment on column history.dossier_version.loaded_at is 'When the row was written.';
comment on column history.dossier_version.file_id is 'The file, landing.export_file.';
comment on column history.dossier_version.sheet is 'Worksheet of the row.';
comment on column history.dossier_version.row_number is 'Row in the file.';
comment on column history.dossier_version.status is 'Status 1 to 10, core.dim_status.';
comment on column history.dossier_version.channel is '1 direct, 2 online, 3 postal; null when the source does not say.';
comment on column history.dossier_version.procedure_code is 'Procedure code as the source writes it.';
comment on column history.dossier_version.procedure_name is 'Procedure name.';
comment on column history.dossier_version.field_code is 'Field (lĩnh vực) code.';
comment on column history.dossier_version.field_name is 'Field name.';
comment on column history.dossier_version.unit_code is 'Organisation code as the source writes it.';
comment on column history.dossier_version.unit_name is 'Name of the receiving or processing unit.';
comment on column history.dossier_version.submitted_at is 'Submitted, local time.';
comment on column history.dossier_version.received_at is 'Received, local time.';
comment on column history.dossier_version.due_at is 'Due, local time.';
comment on column history.dossier_version.ended_at is 'End of processing, local time.';
comment on column history.dossier_version.returned_at is 'Result handed over, local time.';
comment on column history.dossier_version.refused_at is 'Refused, local time.';
comment on column history.dossier_version.supplement_requested_at is 'Latest request for a supplement, local time.';
comment on column history.dossier_version.supplements is 'Supplement windows: requested_at, resumed_at, due_before, due_after.';
comment on column history.dossier_version.limit_value is 'Time limit of the procedure.';
comment on column history.dossier_version.limit_unit is 'working_day, day or hour.';
comment on column history.dossier_version.payment_online is '0 none, 1 national portal, 2 ministry or province gateway, 3 other.';
comment on column history.dossier_version.fee_amount is 'Fees, dong.';
comment on column history.dossier_version.is_digitised is 'Has digitised components.';
comment on column history.dossier_version.is_identified is 'Account verified by VNeID.';
comment on column history.dossier_version.has_electronic_result is 'Has an electronic result.';
comment on column history.dossier_version.has_household_book is 'An attached paper names a household-registration book.';
comment on column history.dossier_version.has_identity_copy is 'An attached paper names a copy of CCCD or CMND.';
comment on column history.dossier_version.result_by_post is 'Result returned by post.';
comment on column history.dossier_version.flags is 'Rules of severity flag that hold for the row.';

-- grain: one row of one file that repeated the statement before it
create table history.dossier_repeat (
    dossier_code text not null,
    source text not null,
    effective_from timestamp not null,
    file_id bigint not null references landing.export_file,
    row_number bigint not null,
    sheet text,
    version_id bigint not null,
    primary key (dossier_code, source, effective_from, file_id)
);
comment on table history.dossier_repeat is
'Rows that repeated what their source said before: grain one dossier in one file. Needed when a late file puts another statement in between: the repeat then becomes a statement of its own.';
comment on column history.dossier_repeat.dossier_code is 'Dossier code.';
comment on column history.dossier_repeat.source is 'Who said it.';
comment on column history.dossier_repeat.effective_from is 'Moment of the export, local time.';
comment on column history.dossier_repeat.file_id is 'The file, landing.export_file.';
comment on column history.dossier_repeat.row_number is 'Row in the file.';
comment on column history.dossier_repeat.sheet is 'Worksheet of the row.';
comment on column history.dossier_repeat.version_id is 'The statement it repeats, history.dossier_version.';

-- grain: one processing step of one dossier as one source tells it
create table history.process_step (
    dossier_code text not null,
    source text not null,
    processed_at timestamp,
    status smallint,
    department text,
    position text,
    started_at timestamp,
    due_at timestamp,
    effective_from timestamp not null,
    known_from timestamptz not null,
    loaded_at timestamptz not null default now(),
    file_id bigint not null references landing.export_file,
    row_number bigint not null,
    unique nulls not distinct (dossier_code, source, processed_at, status, department, position, started_at, due_at)
);
create index on history.process_step using brin (known_from) with (pages_per_range = 16);
comment on table history.process_step is
'Processing steps (CapNhatTienDoHoSoMC): grain one step of one dossier as one source tells it.';
comment on column history.process_step.dossier_code is 'Dossier code.';
comment on column history.process_step.source is 'Who said it.';
comment on column history.process_step.processed_at is 'When the step was done, local time.';
comment on column history.process_step.status is 'Status after the step, core.dim_status.';
comment on column history.process_step.department is 'Department.';
comment on column history.process_step.position is 'Position of the official.';
comment on column history.process_step.started_at is 'Start of the step, local time.';
comment on column history.process_step.due_at is 'Due time of the step, local time.';
comment on column history.process_step.effective_from is 'Moment of the first export that told it, local time.';
comment on column history.process_step.known_from is 'Known time: arrival of the first file that told it.';
comment on column history.process_step.loaded_at is 'When the row was written.';
comment on column history.process_step.file_id is 'The file, landing.export_file.';
comment on column history.process_step.row_number is 'Row in the file.';

-- grain: one dossier whose facts are to be derived anew; emptied by the transaction that does so
create table history.touched_dossier (
    dossier_code text primary key
);
comment on table history.touched_dossier is
'Dossiers of which something new was said since facts were last derived: grain one dossier. A crash in between loses nothing.';
comment on column history.touched_dossier.dossier_code is 'Dossier code.';

-- grain: one complete list whose absences have still to be looked for; emptied by the transaction that does so
create table history.unchecked_list (
    file_id bigint primary key references landing.export_file
);
comment on table history.unchecked_list is
'Complete lists that were taken in since facts were last derived: grain one file. A dossier that is not in them may have vanished.';
comment on column history.unchecked_list.file_id is 'The file, landing.export_file.';
