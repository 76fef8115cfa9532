-- The core layer: dimensions and facts.

-- grain: one day
create table core.dim_date (
    date date primary key,
    year smallint not null,
    quarter smallint not null,
    month smallint not null,
    calendar_month date not null,
    reporting_month date not null,
    iso_weekday smallint not null,
    weekday_name_vi text not null,
    is_holiday boolean not null,
    holiday_name text,
    is_makeup_workday boolean not null,
    is_working_day boolean not null,
    working_day_number integer not null
);
create unique index on core.dim_date (working_day_number) where is_working_day;
-- Rules ask for days off once a file: a third of the days, found without the others.
create index on core.dim_date (date) where not is_working_day;
comment on table core.dim_date is 'Calendar of Vietnam: grain one day.';
comment on column core.dim_date.date is 'The day.';
comment on column core.dim_date.year is 'Calendar year.';
comment on column core.dim_date.quarter is 'Calendar quarter.';
comment on column core.dim_date.month is 'Calendar month, 1 to 12.';
comment on column core.dim_date.calendar_month is 'First day of the calendar month.';
comment on column core.dim_date.reporting_month is 'First day of the month whose report (15 of the month before to 14) holds the day.';
comment on column core.dim_date.iso_weekday is '1 Monday to 7 Sunday.';
comment on column core.dim_date.weekday_name_vi is 'Weekday in Vietnamese.';
comment on column core.dim_date.is_holiday is 'Public holiday or day off in lieu.';
comment on column core.dim_date.holiday_name is 'Name of the holiday.';
comment on column core.dim_date.is_makeup_workday is 'Saturday worked in exchange.';
comment on column core.dim_date.is_working_day is 'Offices work on this day.';
comment on column core.dim_date.working_day_number is 'Running count of working days: the difference of two days is the working days between them.';

-- grain: one unit in one list of units
create table core.dim_unit (
    unit_code text not null,
    valid_from date not null,
    valid_to date not null,
    unit_name text not null,
    level text not null,
    parent_code text,
    province_code text,
    organisation_code text,
    is_inferred boolean not null default false,
    primary key (unit_code, valid_from),
    check (valid_from < valid_to)
);
comment on table core.dim_unit is
'Administrative units, slowly changing: grain one code in one list (before and since 1/7/2025). Codes were reused with new meanings: the key is (unit_code, valid_from).';
comment on column core.dim_unit.unit_code is 'GSO code; x-… for a unit inferred from a name that no list knows.';
comment on column core.dim_unit.valid_from is 'First day; 1900-01-01 stands for the list before 1/7/2025.';
comment on column core.dim_unit.valid_to is 'Day after the last; 9999-12-31 while valid.';
comment on column core.dim_unit.unit_name is 'Official name.';
comment on column core.dim_unit.level is 'province, district, commune or unknown.';
comment on column core.dim_unit.parent_code is 'Code of the unit above in the same list.';
comment on column core.dim_unit.province_code is 'Code of its province in the same list.';
comment on column core.dim_unit.organisation_code is 'Organisation code of its office, where known.';
comment on column core.dim_unit.is_inferred is 'Made from a name in an export that no list knows: see mart.unknown_unit.';

-- grain: one old unit and one unit that took over some or all of it
create table core.unit_successor (
    old_code text not null,
    new_code text not null,
    is_full boolean not null,
    is_default boolean not null,
    weight double precision not null check (weight >= 0 and weight <= 1),
    weight_source text,
    primary key (old_code, new_code)
);
comment on table core.unit_successor is 'Which unit of the list since 1/7/2025 took over an old one: grain one pair.';
comment on column core.unit_successor.old_code is 'Code before 1/7/2025.';
comment on column core.unit_successor.new_code is 'Code since 1/7/2025.';
comment on column core.unit_successor.is_full is 'The whole old unit went there.';
comment on column core.unit_successor.is_default is 'The one successor to take when one is wanted.';
comment on column core.unit_successor.weight is
'Share of the old unit''s dossiers; over its successors they add up to 1. No list says how a divided unit''s people or dossiers were shared: unless an office states weights of its own (MOTCUA_UNITS), each successor counts alike. Figures made with them are estimates.';
comment on column core.unit_successor.weight_source is 'Where the weight comes from: the document an office names, or equal shares; null where the whole unit went there.';

-- grain: one spelling of an office's own for a unit of one list
create table core.unit_alias (
    alias_key text not null,
    unit_valid_from date not null,
    unit_code text not null,
    alias_name text not null,
    alias_source text not null,
    primary key (alias_key, unit_valid_from)
);
comment on table core.unit_alias is
'Names that an office says stand for a unit (MOTCUA_UNITS), before any other reading of them: grain one name and list of units.';
comment on column core.unit_alias.alias_key is 'What names are compared by.';
comment on column core.unit_alias.unit_valid_from is 'List of the unit, with unit_code key of core.dim_unit.';
comment on column core.unit_alias.unit_code is 'Unit it stands for.';
comment on column core.unit_alias.alias_name is 'Name as exports write it.';
comment on column core.unit_alias.alias_source is 'Who says so.';

-- grain: one organisation code and the list of units in which it is that agency's
create table core.organisation (
    organisation_code text not null,
    valid_from date not null,
    valid_to date not null,
    form text not null,
    organisation_name text not null,
    kind text not null,
    unit_code text,
    unit_valid_from date,
    parent_code text,
    primary key (organisation_code, valid_from)
);
comment on table core.organisation is
'One-stop desks and agencies with organisation codes that are known; not all there are: grain one code and stretch of time.';
comment on column core.organisation.organisation_code is 'Code as issued: Hxx.NN… (Decision 20/2020/QĐ-TTg) or 000.NN.NN.Hxx (QCVN 102:2016/BTTTT).';
comment on column core.organisation.valid_from is 'First day; 1900-01-01 stands for before 1/7/2025.';
comment on column core.organisation.valid_to is 'Day after the last; 9999-12-31 while valid.';
comment on column core.organisation.form is 'qd20 or qcvn102: which of the two forms the code has.';
comment on column core.organisation.organisation_name is 'Name.';
comment on column core.organisation.kind is 'ministry, province, department, district_desk or commune_desk.';
comment on column core.organisation.unit_code is 'Unit whose office or desk it is, with unit_valid_from key of core.dim_unit; null for ministries and departments.';
comment on column core.organisation.unit_valid_from is 'List of the unit.';
comment on column core.organisation.parent_code is 'Code of the agency above, as the code itself says it; the whole province or ministry is always Hxx or Gxx.';

-- grain: one spelling of a unit in one province and one list
create table core.unit_resolution (
    province_code text not null,
    list_from date not null,
    unit_name text not null,
    unit_code text not null,
    unit_valid_from date not null,
    is_known boolean not null,
    candidates text[] not null default '{}',
    primary key (province_code, list_from, unit_name)
);
comment on table core.unit_resolution is 'How each spelling met in an export was read: grain one spelling in one province and list of units.';
comment on column core.unit_resolution.province_code is 'Province of the source.';
comment on column core.unit_resolution.list_from is 'List of units in force on the day of reception.';
comment on column core.unit_resolution.unit_name is 'Name as written in exports.';
comment on column core.unit_resolution.unit_code is 'Unit it stands for, with unit_valid_from key of core.dim_unit.';
comment on column core.unit_resolution.unit_valid_from is 'Of the unit: of the other list where only that one knows the name.';
comment on column core.unit_resolution.is_known is 'False: no unit or several fit, an inferred one stands in.';
comment on column core.unit_resolution.candidates is 'Codes of units that fit about as well; since 1/7/2025, of an old name, those that took over what it stood for.';

-- grain: one source and one stretch of time with one list of units
create table core.source_province (
    source text not null,
    valid_from date not null,
    valid_to date not null,
    list_from date not null,
    province_code text not null,
    primary key (source, valid_from)
);
comment on table core.source_province is 'The province a source speaks for, by time: grain one source and one stretch of time.';
comment on column core.source_province.source is 'Key in sources.yaml.';
comment on column core.source_province.valid_from is 'First day; 1900-01-01 when always.';
comment on column core.source_province.valid_to is 'Day after the last; 9999-12-31 while valid.';
comment on column core.source_province.list_from is 'List of units in force, core.dim_unit.valid_from.';
comment on column core.source_province.province_code is 'GSO code of the province.';

-- grain: one source
create table core.dim_source (
    source text primary key,
    title_vi text not null,
    portal text not null check (portal in ('national', 'provincial')),
    priority smallint not null
);
comment on table core.dim_source is 'Sources of exports: grain one source.';
comment on column core.dim_source.source is 'Key in sources.yaml.';
comment on column core.dim_source.title_vi is 'Name.';
comment on column core.dim_source.portal is 'national or provincial: the province''s own export wins.';
comment on column core.dim_source.priority is 'Lower wins between provincial sources of one export moment.';

-- grain: one code, name and field of a procedure as exports pair them
create table core.procedure_said (
    procedure_code text not null,
    procedure_name text,
    field_code text,
    field_name text,
    unique nulls not distinct (procedure_code, procedure_name, field_code, field_name)
);
comment on table core.procedure_said is
'Codes of procedures with the names and fields that exports pair them with: grain one such combination. A list without codes finds its procedures by it.';
comment on column core.procedure_said.procedure_code is 'Core of the code, d.dddddd.';
comment on column core.procedure_said.procedure_name is 'Name as written.';
comment on column core.procedure_said.field_code is 'Field (lĩnh vực) code as written.';
comment on column core.procedure_said.field_name is 'Field name as written.';

-- grain: one spelling of a procedure's name
create table core.procedure_resolution (
    procedure_name text primary key,
    name_key text not null,
    procedure_code text not null,
    is_known boolean not null
);
create index on core.procedure_resolution (name_key);
comment on table core.procedure_resolution is 'How each procedure name met in an export was read: grain one spelling.';
comment on column core.procedure_resolution.procedure_name is 'Name as written in exports.';
comment on column core.procedure_resolution.name_key is 'What names are compared by.';
comment on column core.procedure_resolution.procedure_code is 'Procedure it stands for, core.dim_procedure.';
comment on column core.procedure_resolution.is_known is 'False: neither catalogue nor any export pairs the name with a code; an inferred procedure stands in.';

-- grain: one channel
create table core.dim_channel (
    channel smallint primary key,
    channel_name_vi text not null,
    is_online boolean not null
);
comment on table core.dim_channel is 'Channels of submission: grain one channel. An unknown channel counts as direct.';
comment on column core.dim_channel.channel is '1 direct, 2 online, 3 postal.';
comment on column core.dim_channel.channel_name_vi is 'Official wording.';
comment on column core.dim_channel.is_online is 'Counts as online in form II.06.';

-- grain: one status
create table core.dim_status (
    status smallint primary key,
    status_name_vi text not null,
    status_group text not null,
    life_order smallint not null
);
comment on table core.dim_status is 'Dossier statuses of the national list: grain one status.';
comment on column core.dim_status.status is '1 to 10.';
comment on column core.dim_status.status_name_vi is 'Official wording.';
comment on column core.dim_status.status_group is 'not_received, processing, suspended, withdrawn or resolved (form II.06).';
comment on column core.dim_status.life_order is 'Place in a dossier''s life: the later state of two.';

-- grain: one dossier
create table core.fct_dossier (
    dossier_code text primary key,
    unit_code text not null,
    unit_valid_from date not null,
    procedure_code text not null,
    channel smallint not null,
    status smallint not null,
    state text not null,
    is_counted boolean not null,
    submitted_at timestamp,
    received_at timestamp,
    first_due_at timestamp,
    due_at timestamp,
    ended_at timestamp,
    returned_at timestamp,
    refused_at timestamp,
    vanished_at timestamp,
    supplement_count smallint not null,
    limit_value double precision,
    limit_unit text,
    limit_due_at timestamp,
    payment_online smallint,
    fee_amount bigint,
    is_digitised boolean,
    is_identified boolean,
    has_electronic_result boolean,
    has_household_book boolean not null,
    has_identity_copy boolean not null,
    province_status smallint,
    province_said_at timestamp,
    national_status smallint,
    national_said_at timestamp,
    portal_disagreements text[] not null,
    last_step_at timestamp,
    last_step_status smallint,
    flags text[] not null
);
create index on core.fct_dossier (procedure_code);
create index on core.fct_dossier (unit_code, unit_valid_from);
-- papers of a month, mart.prohibited_paper
create index fct_dossier_month on core.fct_dossier ((date_trunc('month', received_at)::date)) where is_counted;
comment on table core.fct_dossier is
'Accumulating snapshot: grain one dossier over both portals, as known now. Per attribute the province''s own export wins, the national one fills in.';
comment on column core.fct_dossier.dossier_code is 'Dossier code.';
comment on column core.fct_dossier.unit_code is 'Unit, with unit_valid_from key of core.dim_unit.';
comment on column core.fct_dossier.unit_valid_from is 'List of units valid on the day of reception.';
comment on column core.fct_dossier.procedure_code is 'core.dim_procedure.';
comment on column core.fct_dossier.channel is 'core.dim_channel; 1 when no source says.';
comment on column core.fct_dossier.status is 'Status of the winning statement, core.dim_status.';
comment on column core.fct_dossier.state is 'not_received, processing, suspended, resolved, withdrawn or vanished (open when its source''s complete lists ceased to name it).';
comment on column core.fct_dossier.is_counted is 'Received, and so counted in forms.';
comment on column core.fct_dossier.submitted_at is 'Submitted, local time.';
comment on column core.fct_dossier.received_at is 'Received, local time.';
comment on column core.fct_dossier.first_due_at is 'First promise, local time.';
comment on column core.fct_dossier.due_at is 'Due date as it stands, local time.';
comment on column core.fct_dossier.ended_at is 'End of processing, local time; null while open.';
comment on column core.fct_dossier.returned_at is 'Result handed over, local time.';
comment on column core.fct_dossier.refused_at is 'Refused, local time.';
comment on column core.fct_dossier.vanished_at is 'First complete list of its source that does not name it any more, local time; null while it is named.';
comment on column core.fct_dossier.supplement_count is 'Times the clock was stopped.';
comment on column core.fct_dossier.limit_value is 'Time limit as the portal says.';
comment on column core.fct_dossier.limit_unit is 'working_day, day or hour.';
comment on column core.fct_dossier.limit_due_at is 'Due by the limit of the procedure alone, local time; only where no due date was promised.';
comment on column core.fct_dossier.payment_online is '0 none, 1 national portal, 2 ministry or province gateway, 3 other.';
comment on column core.fct_dossier.fee_amount is 'Fees, dong.';
comment on column core.fct_dossier.is_digitised is 'Has digitised components.';
comment on column core.fct_dossier.is_identified is 'Account verified by VNeID.';
comment on column core.fct_dossier.has_electronic_result is 'Has an electronic result.';
comment on column core.fct_dossier.has_household_book is 'An attached paper names a household-registration book.';
comment on column core.fct_dossier.has_identity_copy is 'An attached paper names a copy of CCCD or CMND.';
comment on column core.fct_dossier.province_status is 'Last status the province said; null when it never did.';
comment on column core.fct_dossier.province_said_at is 'Export moment of that, local time.';
comment on column core.fct_dossier.national_status is 'Last status the national portal said, as sent (a waiting dossier is sent as finished).';
comment on column core.fct_dossier.national_said_at is 'Export moment of that, local time.';
comment on column core.fct_dossier.portal_disagreements is 'Where the last words of the two portals differ: missing_national, missing_provincial, status, due_date. A waiting dossier that was sent as finished is no difference.';
comment on column core.fct_dossier.last_step_at is 'Last processing step, local time.';
comment on column core.fct_dossier.last_step_status is 'Status after that step.';
comment on column core.fct_dossier.flags is 'Rules of severity flag that hold for its last statements.';

-- grain: one dossier that is counted
create table core.fct_due (
    dossier_code text primary key,
    limit_value double precision,
    limit_unit text,
    limit_source text,
    computed_due_at timestamp,
    computed_reason text,
    computed_current_due_at timestamp,
    computed_current_reason text,
    weekday_due_at timestamp
);
comment on table core.fct_due is 'What the due instant of a dossier ought to be by the rules of docs/deadline.md: grain one dossier. mart.due_audit sets it beside the promise.';
comment on column core.fct_due.dossier_code is 'Dossier code.';
comment on column core.fct_due.limit_value is 'Time limit that was applied; 0 means the same day.';
comment on column core.fct_due.limit_unit is 'working_day, day or hour.';
comment on column core.fct_due.limit_source is 'export (the dossier itself says it) or catalogue.';
comment on column core.fct_due.computed_due_at is 'Reception plus limit, local time.';
comment on column core.fct_due.computed_reason is 'Why there is none: no_limit, invalid_limit or outside_calendar.';
comment on column core.fct_due.computed_current_due_at is 'The same plus the time waited for the applicant.';
comment on column core.fct_due.computed_current_reason is 'Why there is none; waiting while the applicant is waited for.';
comment on column core.fct_due.weekday_due_at is 'Reception plus limit where Monday to Friday always work, if the promise is not ours.';

-- grain: one session of the office hours
create table core.office_session (
    from_time time primary key,
    to_time time not null check (from_time < to_time)
);
comment on table core.office_session is 'Office hours of a working day: grain one session.';
comment on column core.office_session.from_time is 'Opens, local time.';
comment on column core.office_session.to_time is 'Closes, local time.';
insert into core.office_session values ('07:00', '11:30'), ('13:30', '17:00');

-- What one stretch of a dossier's life is made of; arrays of it travel inside queries.
create type core.life_span as (
    valid_from timestamp,
    valid_to timestamp,
    status smallint,
    state text,
    due_at timestamp
);

-- How a rule set takes one such stretch: class (open, stopped, resolved or vanished; stopped and resolved are finished),
-- the kind of resolution if it finishes the dossier, and the first day at whose end it is overdue while it is open.
create type core.judgement as (
    class text,
    resolved_kind text,
    overdue_on date
);

-- grain: one rule set
create table core.rule_set (
    rule_set text primary key,
    title_vi text not null,
    is_stored boolean not null,
    times_all boolean not null,
    compares_vi text not null,
    without_due_vi text not null,
    withdrawn_vi text not null,
    waiting_vi text not null,
    paying_vi text not null,
    stopped_vi text not null
);
comment on table core.rule_set is 'Named definitions of early, on time, late and overdue: grain one rule set; its function is core.judge_ and its name.';
comment on column core.rule_set.rule_set is 'Name.';
comment on column core.rule_set.title_vi is 'What people call it, in Vietnamese.';
comment on column core.rule_set.is_stored is 'Whether the marts hold it; the others are computed when asked for.';
comment on column core.rule_set.times_all is 'Whether all that is resolved is early, on time or late (form: 5 = 6 + 7 + 8); else withdrawn dossiers are resolved without being timed.';
comment on column core.rule_set.compares_vi is 'What is compared, and when an open dossier is overdue, in Vietnamese.';
comment on column core.rule_set.without_due_vi is 'What a dossier without a due date counts as, in Vietnamese.';
comment on column core.rule_set.withdrawn_vi is 'What a withdrawn dossier (7) counts as, in Vietnamese.';
comment on column core.rule_set.waiting_vi is 'What one that waits for a supplement (5) counts as, in Vietnamese.';
comment on column core.rule_set.paying_vi is 'What one that waits for a financial obligation (6) counts as, in Vietnamese.';
comment on column core.rule_set.stopped_vi is 'What a stopped one (8) counts as, in Vietnamese.';

-- grain: one stretch of one dossier's life with one state and one due date
create table core.fct_dossier_span (
    dossier_code text not null,
    span_number smallint not null,
    valid_from timestamp not null,
    valid_to timestamp not null,
    status smallint not null,
    state text not null,
    due_at timestamp,
    primary key (dossier_code, span_number),
    check (valid_from < valid_to)
);
comment on table core.fct_dossier_span is
'What state and due date a dossier had from when to when: grain one stretch. Spans of a dossier follow each other without a gap from reception on.';
comment on column core.fct_dossier_span.dossier_code is 'Dossier code.';
comment on column core.fct_dossier_span.span_number is 'Place in the dossier''s life, from 1.';
comment on column core.fct_dossier_span.valid_from is 'Start, local time.';
comment on column core.fct_dossier_span.valid_to is 'End (not included), local time; infinity for the last.';
comment on column core.fct_dossier_span.status is 'Status that stands for the state, core.dim_status.';
comment on column core.fct_dossier_span.state is 'processing, suspended, resolved, withdrawn or vanished.';
comment on column core.fct_dossier_span.due_at is 'Due date in force, local time.';

-- grain: one thing that happened to one dossier under one rule set
create table core.fct_dossier_event (
    dossier_code text not null,
    rule_set text not null,
    event_on date not null,
    kind text not null,
    quantity smallint not null,
    unit_code text not null,
    unit_valid_from date not null,
    procedure_code text not null,
    channel smallint not null,
    primary key (dossier_code, rule_set, event_on, kind)
);
comment on table core.fct_dossier_event is
'What a dossier adds to the daily flow: grain one kind of event of one dossier on one day under one rule set. A resolution that was taken back counts -1 on the day it was. A day still to come: it becomes overdue then if nothing happens.';
comment on column core.fct_dossier_event.dossier_code is 'Dossier code.';
comment on column core.fct_dossier_event.rule_set is 'Named definition.';
comment on column core.fct_dossier_event.event_on is 'Day.';
comment on column core.fct_dossier_event.kind is 'received, resolved_early, resolved_on_time, resolved_late, became_overdue or overdue_cleared.';
comment on column core.fct_dossier_event.quantity is 'What it adds; negative when taken back.';
comment on column core.fct_dossier_event.unit_code is 'core.dim_unit.';
comment on column core.fct_dossier_event.unit_valid_from is 'core.dim_unit.';
comment on column core.fct_dossier_event.procedure_code is 'core.dim_procedure.';
comment on column core.fct_dossier_event.channel is 'core.dim_channel.';
