-- What the derivation in SQL passed from function to function.
drop type core.life_span, core.judgement;

-- Facts say from when to when each row was what was known. What is known now stands in core.fct_*, what was known before and is not
-- any more in core.fct_*_past, with the same columns. All dossiers are folded again, so nothing has to be taken over.
drop table core.fct_dossier_event, mart.daily_flow, mart.touched_cell;
insert into history.touched_dossier (dossier_code)
select d.dossier_code from core.fct_dossier as d
on conflict do nothing;
truncate core.fct_dossier, core.fct_dossier_span, core.fct_stage, core.fct_dossier_edit, core.fct_due, mart.overdue_stock, mart.timeliness_count;
delete from ops.setting where name = 'covered_through';

alter table core.fct_dossier
add column unit_key bigint not null references core.dim_unit (unit_key) deferrable initially deferred,
add column procedure_key bigint not null references core.dim_procedure (procedure_key) deferrable initially deferred,
add column due_has_clock boolean,
add column other_codes text [] not null default '{}',
add column known_from timestamptz not null,
add column known_to timestamptz not null default 'infinity',
add check (known_from < known_to);
comment on column core.fct_dossier.unit_key is 'core.dim_unit.';
comment on column core.fct_dossier.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column core.fct_dossier.other_codes is 'Other codes under which the same dossier travels (MaHoSoKhac), history.dossier_link.';
create index on core.fct_dossier using gin (other_codes) where other_codes <> '{}';
-- Linked codes are few among all statements.
create index on history.dossier_version (other_code, dossier_code, known_from) where other_code is not null;
comment on column core.fct_dossier.due_has_clock is 'The due date was given with a clock time; a day alone means that whole day, null without a date.';

alter table core.fct_dossier_span
add column due_has_clock boolean,
add column known_from timestamptz not null,
add column known_to timestamptz not null default 'infinity',
add check (known_from < known_to);
comment on column core.fct_dossier_span.due_has_clock is 'The due date was given with a clock time; a day alone means that whole day, null without a date.';

-- grain: one thing that happened to one dossier under one set of rule sets, as it was known for some time
create table core.fct_dossier_event (
    dossier_code text not null,
    event_on date not null,
    kind text not null,
    rule_sets smallint not null check (rule_sets > 0),
    quantity smallint not null check (quantity <> 0),
    unit_key bigint not null,
    procedure_key bigint not null,
    sector_code text not null,
    channel smallint not null,
    received_on date,
    known_from timestamptz not null,
    known_to timestamptz not null default 'infinity',
    primary key (dossier_code, event_on, kind, rule_sets),
    check (known_from < known_to)
);
create index on core.fct_dossier_event (unit_key, procedure_key, channel, event_on);
create index on core.fct_dossier_event (event_on);
comment on table core.fct_dossier_event is
'What a dossier adds to the daily flow: grain one kind of event of one dossier on one day under one set of rule sets. A resolution that was taken back counts -1 on the day it was. A day still to come: it becomes overdue then if nothing happens.';
comment on column core.fct_dossier_event.dossier_code is 'Dossier code.';
comment on column core.fct_dossier_event.event_on is 'Day.';
comment on column core.fct_dossier_event.kind is 'received, resolved_early, resolved_on_time, resolved_late, resolved_untimed, became_overdue or overdue_cleared.';
comment on column core.fct_dossier_event.rule_sets is 'The rule sets it holds under: rule_sets & core.rule_set.bit <> 0.';
comment on column core.fct_dossier_event.quantity is 'What it adds; negative when taken back.';
comment on column core.fct_dossier_event.unit_key is 'core.dim_unit.';
comment on column core.fct_dossier_event.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column core.fct_dossier_event.sector_code is 'Sector (lĩnh vực) of that procedure: its code, else its name; x-unknown without either.';
comment on column core.fct_dossier_event.channel is 'core.dim_channel.';
comment on column core.fct_dossier_event.received_on is 'Day of reception.';

alter table core.fct_stage
add column unit_key bigint not null,
add column procedure_key bigint not null,
add column known_from timestamptz not null,
add column known_to timestamptz not null default 'infinity',
add check (known_from < known_to);
comment on column core.fct_stage.unit_key is 'core.dim_unit.';
comment on column core.fct_stage.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';

alter table core.fct_dossier_edit
add column known_from timestamptz not null,
add column known_to timestamptz not null default 'infinity',
add check (known_from < known_to);

-- grain: one thing that one source stated of one dossier later than another source
create table core.fct_portal_delay (
    dossier_code text not null,
    source text not null,
    kind text not null,
    stated_by text not null,
    new_value timestamp,
    stated_first_at timestamp not null,
    first_seen_at timestamp not null,
    state_at timestamp not null,
    state_rank smallint not null,
    file_rank text not null,
    known_from timestamptz not null,
    known_to timestamptz not null default 'infinity',
    primary key (dossier_code, source, first_seen_at, state_at, state_rank, file_rank, kind),
    check (known_from < known_to)
);
comment on table core.fct_portal_delay is
'What one portal stated later than the other, and would look like an edit after the fact in its own statements: grain one change of one dossier in one source. How late: first_seen_at - stated_first_at.';
comment on column core.fct_portal_delay.dossier_code is 'Dossier code.';
comment on column core.fct_portal_delay.source is 'Who stated it late.';
comment on column core.fct_portal_delay.kind is 'As in core.fct_dossier_edit.';
comment on column core.fct_portal_delay.stated_by is 'Who had stated it before.';
comment on column core.fct_portal_delay.new_value is 'Instant that was stated, local time; null where it is a status.';
comment on column core.fct_portal_delay.stated_first_at is 'First export that stated it, local time.';
comment on column core.fct_portal_delay.first_seen_at is 'First export of the source that stated it, local time.';
comment on column core.fct_portal_delay.state_at is 'The same of the statement.';
comment on column core.fct_portal_delay.state_rank is 'The same of the statement.';
comment on column core.fct_portal_delay.file_rank is 'The same of the statement.';

do $$
declare
    fact text;
    copy text;
    unique_key text;
begin
    for fact, unique_key in
        values
            ('fct_dossier', 'dossier_code, known_from'),
            ('fct_dossier_span', 'dossier_code, span_number, known_from'),
            ('fct_dossier_event', 'dossier_code, event_on, kind, rule_sets, known_from'),
            ('fct_stage', 'dossier_code, stage_number, known_from'),
            ('fct_dossier_edit', 'dossier_code, source, first_seen_at, state_at, state_rank, file_rank, kind, known_from'),
            ('fct_portal_delay', 'dossier_code, source, first_seen_at, state_at, state_rank, file_rank, kind, known_from')
    loop
        execute format('comment on column core.%I.known_from is %L', fact, 'Since when this is what was known: the arrival of the file that says so.');
        execute format('comment on column core.%I.known_to is %L', fact, 'Until when (not included); infinity: it is known now.');
        execute format('create table core.%I (like core.%I including comments, primary key (%s))', fact || '_past', fact, unique_key);
        execute format('create index on core.%I (known_to)', fact || '_past');
        execute format('comment on table core.%I is %L', fact || '_past', 'What core.' || fact || ' held before something else became known: the same columns, for the time from known_from to known_to.');
        -- What workers of a run have folded, until the run publishes it.
        execute format('create unlogged table core.%I (like core.%I including comments)', 'staged_' || fact, fact);
        execute format('alter table core.%I add column run_no bigint not null, add column bucket integer not null', 'staged_' || fact);
        execute format('comment on table core.%I is %L', 'staged_' || fact, 'Rows on their way into core.' || fact || ': of one run and one bucket of dossiers; empty between runs.');
        execute format('comment on column core.%I.run_no is %L', 'staged_' || fact, 'Which fold made it; what a fold that died has left is published by nobody.');
        execute format('comment on column core.%I.bucket is %L', 'staged_' || fact, 'Which dossiers, folded together.');
    end loop;
    create unlogged table core.staged_fct_due (
        like core.fct_due including comments, run_no bigint not null, bucket integer not null
    );
    comment on table core.staged_fct_due is
    'Rows on their way into core.fct_due: of one run and one bucket of dossiers; empty between runs.';
    comment on column core.staged_fct_due.run_no is 'Which fold made it; what a fold that died has left is published by nobody.';
    comment on column core.staged_fct_due.bucket is 'Which dossiers, folded together.';
end
$$;
alter table core.fct_dossier_past
add foreign key (unit_key) references core.dim_unit (unit_key) deferrable initially deferred,
add foreign key (procedure_key) references core.dim_procedure (procedure_key) deferrable initially deferred;

create sequence core.fold_run;
comment on sequence core.fold_run is 'Numbers the folds, core.staged_fct_*.run_no.';
