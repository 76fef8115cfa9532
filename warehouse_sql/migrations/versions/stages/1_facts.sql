-- What reports ask of every step and every statement of a year: kept as facts, since asking history anew takes about as
-- long as all the rest of a report.

-- grain: one stage of one dossier: a status at an office, from the step that set it to the next one
create table core.fct_stage (
    dossier_code text not null,
    stage_number smallint not null,
    unit_code text not null,
    unit_valid_from date not null,
    procedure_code text not null,
    received_on date not null,
    status smallint not null,
    department text,
    began_at timestamp not null,
    until_at timestamp,
    is_ended boolean not null,
    working_minutes integer,
    began_working_minute integer not null,
    primary key (dossier_code, stage_number)
);
comment on table core.fct_stage is
'How long a dossier lay in what status at which office: grain one stage, from the step that set it to the next one or to the end of processing. Never a person. Of dossiers that are counted.';
comment on column core.fct_stage.dossier_code is 'Dossier code.';
comment on column core.fct_stage.stage_number is 'Place among the stages of the dossier, from 1.';
comment on column core.fct_stage.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column core.fct_stage.unit_valid_from is 'List of units.';
comment on column core.fct_stage.procedure_code is 'core.dim_procedure.';
comment on column core.fct_stage.received_on is 'Day of reception of the dossier.';
comment on column core.fct_stage.status is 'Status that the step set, core.dim_status.';
comment on column core.fct_stage.department is 'Office that set it; null where the step does not say.';
comment on column core.fct_stage.began_at is 'When the step was done, local time.';
comment on column core.fct_stage.until_at is 'Next step, end of processing, or when the dossier vanished from its source''s lists, local time; null while it lasts.';
comment on column core.fct_stage.is_ended is 'False while it lasts, and where all that is known is that it was seen until until_at.';
comment on column core.fct_stage.working_minutes is 'Office hours from began_at to until_at, in minutes.';
comment on column core.fct_stage.began_working_minute is 'began_at on the clock of office hours: minutes worked since the calendar begins.';

-- grain: one change in what one source said of one dossier that needs a look
create table core.fct_dossier_edit (
    dossier_code text not null,
    source text not null,
    kind text not null,
    old_value timestamp,
    new_value timestamp,
    old_status smallint,
    new_status smallint,
    last_seen_before timestamp not null,
    first_seen_at timestamp not null,
    state_at timestamp not null,
    state_rank smallint not null,
    file_rank text not null,
    primary key (dossier_code, source, first_seen_at, state_at, state_rank, file_rank, kind)
);
comment on table core.fct_dossier_edit is
'Changes in a source''s own statements that need a look: grain one change of one dossier, as known now. mart.edited_after_the_fact has them in words, and beside them what vanished from complete lists.';
comment on column core.fct_dossier_edit.dossier_code is 'Dossier code.';
comment on column core.fct_dossier_edit.source is 'Whose statements.';
comment on column core.fct_dossier_edit.kind is 'due_moved_after_it_passed, end_before_it_was_seen_open, end_moved, received_moved or status_backwards.';
comment on column core.fct_dossier_edit.old_value is 'Instant before, local time.';
comment on column core.fct_dossier_edit.new_value is 'Instant after, local time.';
comment on column core.fct_dossier_edit.old_status is 'Status before.';
comment on column core.fct_dossier_edit.new_status is 'Status after.';
comment on column core.fct_dossier_edit.last_seen_before is 'Last export that still said the old, local time.';
comment on column core.fct_dossier_edit.first_seen_at is 'First export that said the new, local time: effective_from of the statement in history.dossier_version.';
comment on column core.fct_dossier_edit.state_at is 'The same of the statement.';
comment on column core.fct_dossier_edit.state_rank is 'The same of the statement.';
comment on column core.fct_dossier_edit.file_rank is 'The same of the statement.';

-- The field of a dossier is that of its procedure on the day of reception: with it no event needs its dossier looked up.
alter table core.fct_dossier_event add column received_on date;
comment on column core.fct_dossier_event.received_on is 'Day of reception of the dossier.';

-- Of a warehouse that is older than these facts.
insert into history.touched_dossier (dossier_code)
select f.dossier_code from core.fct_dossier as f
on conflict do nothing;
