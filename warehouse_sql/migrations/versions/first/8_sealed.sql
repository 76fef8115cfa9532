-- The operations layer, part three: which reports were issued, and what inspections found.

-- grain: one report, told apart by all that it is made from
create table ops.report_issue (
    report_id text primary key check (report_id ~ '^[0-9a-f]{64}$'),
    parameters jsonb not null,
    date_from date not null,
    date_to date not null,
    rule_set text not null,
    known_at timestamptz,
    known_through timestamptz,
    input_files integer not null,
    input_digest text not null,
    rules_version text not null,
    calendar_version text not null,
    units_version text not null,
    procedures_version text not null,
    code_version text not null,
    content_digest text not null,
    first_issued_at timestamptz not null,
    last_issued_at timestamptz not null,
    issued_count integer not null default 1 check (issued_count >= 1),
    check (date_from <= date_to),
    check (first_issued_at <= last_issued_at)
);
comment on table ops.report_issue is
'Every report that was issued: grain one report id, the SHA-256 over all that the report is made from. Said by people''s asking, not by exports: a rebuild leaves it as it is.';
comment on column ops.report_issue.report_id is 'SHA-256 of the columns from parameters to content_digest, known_through aside; its first 16 digits stand in the footer of the PDF.';
comment on column ops.report_issue.parameters is 'What was asked for: period, units, rule set, view of units, language, moment of knowledge.';
comment on column ops.report_issue.date_from is 'First day of the period.';
comment on column ops.report_issue.date_to is 'Last day of the period, included.';
comment on column ops.report_issue.rule_set is 'Rule set of the figures, core.rule_set.';
comment on column ops.report_issue.known_at is 'Moment of knowledge that was asked for; null: all that had arrived.';
comment on column ops.report_issue.known_through is 'When the last of its files arrived: asking again as known then gives the same figures.';
comment on column ops.report_issue.input_files is 'Different contents of export files that it rests on.';
comment on column ops.report_issue.input_digest is 'SHA-256 over source, SHA-256 and rows of each of them, in this order.';
comment on column ops.report_issue.rules_version is 'SHA-256 over core.rule_set, core.indicator and the rule catalogue.';
comment on column ops.report_issue.calendar_version is 'SHA-256 over working days and office hours.';
comment on column ops.report_issue.units_version is 'SHA-256 over the lists of units, their successors and spellings.';
comment on column ops.report_issue.procedures_version is 'SHA-256 over the catalogue of procedures.';
comment on column ops.report_issue.code_version is 'Version of motcua, and SHA-256 over its own program files.';
comment on column ops.report_issue.content_digest is 'SHA-256 over the claims and findings that are set beside the figures.';
comment on column ops.report_issue.first_issued_at is 'When it was first issued.';
comment on column ops.report_issue.last_issued_at is 'When it was last issued.';
comment on column ops.report_issue.issued_count is 'How many times it was issued.';

-- grain: one content of one file of one issued report
create table ops.report_file (
    report_id text not null references ops.report_issue,
    file_name text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint not null,
    is_sealed boolean not null,
    first_written_at timestamptz not null,
    last_written_at timestamptz not null,
    written_count integer not null default 1 check (written_count >= 1),
    primary key (report_id, file_name, sha256)
);
create index on ops.report_file (sha256);
-- Of a sealed file there is one content, ever.
create unique index report_file_sealed on ops.report_file (report_id, file_name) where is_sealed;
comment on table ops.report_file is
'Files of issued reports: grain one content of one file. A sealed one (the PDF) has the same bytes whenever its report is issued.';
comment on column ops.report_file.report_id is 'The report, ops.report_issue.';
comment on column ops.report_file.file_name is 'Name of the file within the folder of the report.';
comment on column ops.report_file.sha256 is 'SHA-256 of its bytes.';
comment on column ops.report_file.size_bytes is 'Size in bytes.';
comment on column ops.report_file.is_sealed is 'Whether it must have the same bytes whenever the report is issued.';
comment on column ops.report_file.first_written_at is 'When these bytes were first written.';
comment on column ops.report_file.last_written_at is 'When these bytes were last written.';
comment on column ops.report_file.written_count is 'How many times these bytes were written.';

-- grain: one finding of one inspection about one unit
create table ops.finding (
    finding_id integer generated always as identity primary key,
    inspection text not null check (inspection <> ''),
    unit_code text not null,
    unit_valid_from date not null,
    finding text not null check (finding <> ''),
    measure text not null check (measure <> ''),
    due_on date not null,
    indicator text,
    baseline_from date not null,
    baseline_to date not null,
    baseline_value numeric,
    created_on date not null,
    recorded_at timestamptz not null default now(),
    closed_on date,
    closing_note text,
    closing_recorded_at timestamptz,
    check (baseline_from <= baseline_to),
    check ((closed_on is null) = (closing_recorded_at is null)),
    check (closed_on >= created_on)
);
comment on table ops.finding is
'What inspections found and what is to be done about it: grain one finding about one unit. Said by people (motcua findings), not by exports: a rebuild leaves it as it is.';
comment on column ops.finding.finding_id is 'Number of the finding.';
comment on column ops.finding.inspection is 'The inspection, as its decision names it.';
comment on column ops.finding.unit_code is 'Unit, core.dim_unit, with unit_valid_from; all for all units together.';
comment on column ops.finding.unit_valid_from is 'List of the unit; 1900-01-01 for all.';
comment on column ops.finding.finding is 'What was found.';
comment on column ops.finding.measure is 'What is to be done about it.';
comment on column ops.finding.due_on is 'Day by which it is to be done.';
comment on column ops.finding.indicator is 'Named indicator by which the remedy is measured (motcua findings indicators); null: none.';
comment on column ops.finding.baseline_from is 'First day of the period that was inspected.';
comment on column ops.finding.baseline_to is 'Last day of the period that was inspected.';
comment on column ops.finding.baseline_value is
'Value of the indicator then as the inspection has it, a share of 1 or a count; null: computed from the warehouse.';
comment on column ops.finding.created_on is 'Day of the finding.';
comment on column ops.finding.recorded_at is 'When it was recorded: reports of an earlier moment of knowledge do not show it.';
comment on column ops.finding.closed_on is 'Day on which the remedy was accepted; null while open.';
comment on column ops.finding.closing_note is 'What was done.';
comment on column ops.finding.closing_recorded_at is 'When the end was recorded; reports of an earlier moment of knowledge show the finding as open.';
