-- The mart layer: what analysts and reports read; and the operations layer.

-- grain: one day, unit, procedure, channel and rule set
create table mart.daily_flow (
    date date not null,
    unit_code text not null,
    unit_valid_from date not null,
    procedure_code text not null,
    channel smallint not null,
    rule_set text not null,
    received integer not null,
    resolved_early integer not null,
    resolved_on_time integer not null,
    resolved_late integer not null,
    resolved_untimed integer not null,
    became_overdue integer not null,
    overdue_cleared integer not null,
    primary key (unit_code, unit_valid_from, rule_set, procedure_code, channel, date)
);
create index on mart.daily_flow (date);
comment on table mart.daily_flow is
'Daily flows: grain one day, unit, procedure, channel and rule set. A stock at the end of a day is the running sum of flows: pending = received - resolved, overdue = became_overdue - overdue_cleared. Days to come say what becomes overdue if nothing happens.';
comment on column mart.daily_flow.date is 'Day.';
comment on column mart.daily_flow.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.daily_flow.unit_valid_from is 'List of units.';
comment on column mart.daily_flow.procedure_code is 'core.dim_procedure.';
comment on column mart.daily_flow.channel is 'core.dim_channel.';
comment on column mart.daily_flow.rule_set is 'Named definition of early, on time, late and overdue.';
comment on column mart.daily_flow.received is 'Dossiers received.';
comment on column mart.daily_flow.resolved_early is 'Resolved before the due date.';
comment on column mart.daily_flow.resolved_on_time is 'Resolved on the due date, without one, or withdrawn.';
comment on column mart.daily_flow.resolved_late is 'Resolved after the due date.';
comment on column mart.daily_flow.resolved_untimed is 'Ended without being timed: withdrawn, where the rule set says so.';
comment on column mart.daily_flow.became_overdue is 'Open dossiers whose due date passed, or that resumed after it.';
comment on column mart.daily_flow.overdue_cleared is 'Overdue dossiers that were resolved, suspended or given a new due date.';

-- grain: one unit, procedure, channel and rule set whose stocks are to be summed anew; emptied by who does so
create table mart.touched_cell (
    unit_code text not null,
    unit_valid_from date not null,
    procedure_code text not null,
    channel smallint not null,
    rule_set text not null,
    date_from date not null,
    primary key (unit_code, unit_valid_from, rule_set, procedure_code, channel)
);
comment on table mart.touched_cell is
'Cells of daily_flow that changed since stocks were last summed: grain one unit, procedure, channel and rule set. A crash in between loses nothing.';
comment on column mart.touched_cell.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.touched_cell.unit_valid_from is 'List of units.';
comment on column mart.touched_cell.procedure_code is 'core.dim_procedure.';
comment on column mart.touched_cell.channel is 'core.dim_channel.';
comment on column mart.touched_cell.rule_set is 'Named definition.';
comment on column mart.touched_cell.date_from is 'First day that changed.';

-- grain: one day, unit and rule set
create table mart.overdue_stock (
    date date not null,
    unit_code text not null,
    unit_valid_from date not null,
    unit_name text not null,
    rule_set text not null,
    newly_overdue integer not null,
    overdue_cleared integer not null,
    overdue_open integer not null,
    pending integer not null,
    primary key (unit_code, unit_valid_from, rule_set, date)
);
create index on mart.overdue_stock (date);
comment on table mart.overdue_stock is
'Overdue stock and flow as stored: grain one day, unit and rule set, every day from the unit''s first dossier to the last export. Read mart.overdue_daily, which says what it rests on.';
comment on column mart.overdue_stock.date is 'Day.';
comment on column mart.overdue_stock.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.overdue_stock.unit_valid_from is 'List of units.';
comment on column mart.overdue_stock.unit_name is 'Name of the unit.';
comment on column mart.overdue_stock.rule_set is 'Named definition.';
comment on column mart.overdue_stock.newly_overdue is 'Became overdue that day.';
comment on column mart.overdue_stock.overdue_cleared is 'Ceased to be open and overdue that day.';
comment on column mart.overdue_stock.overdue_open is 'Open and overdue at the end of the day.';
comment on column mart.overdue_stock.pending is 'Open at the end of the day, suspended ones included.';

-- grain: one month of one calendar, unit, procedure, channel and rule set
create table mart.timeliness_count (
    calendar text not null check (calendar in ('reporting', 'calendar')),
    month date not null,
    unit_code text not null,
    unit_valid_from date not null,
    unit_name text not null,
    procedure_code text not null,
    channel smallint not null,
    rule_set text not null,
    received_total integer not null,
    received_online integer not null,
    received_direct_postal integer not null,
    carried_over integer not null,
    resolved_total integer not null,
    resolved_early integer not null,
    resolved_on_time integer not null,
    resolved_late integer not null,
    resolved_untimed integer not null,
    pending_total integer not null,
    pending_in_time integer not null,
    pending_overdue integer not null,
    primary key (unit_code, unit_valid_from, procedure_code, channel, rule_set, calendar, month),
    check (received_total = received_online + received_direct_postal + carried_over),
    check (resolved_total = resolved_early + resolved_on_time + resolved_late + resolved_untimed),
    check (pending_total = pending_in_time + pending_overdue),
    check (received_total = resolved_total + pending_total)
);
comment on table mart.timeliness_count is
'The counts of form II.06 by month as stored (read mart.timeliness_month, which says what they rest on): grain one month of one calendar, unit, procedure, channel and rule set; months up to the last export in which there was something to count.';
comment on column mart.timeliness_count.calendar is 'reporting (15 of the month before to 14) or calendar.';
comment on column mart.timeliness_count.month is 'First day of the month that names the period.';
comment on column mart.timeliness_count.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.timeliness_count.unit_valid_from is 'List of units.';
comment on column mart.timeliness_count.unit_name is 'Name of the unit.';
comment on column mart.timeliness_count.procedure_code is 'core.dim_procedure.';
comment on column mart.timeliness_count.channel is 'core.dim_channel.';
comment on column mart.timeliness_count.rule_set is 'Named definition.';
comment on column mart.timeliness_count.received_total is 'Form column 1 = 2 + 3 + 4.';
comment on column mart.timeliness_count.received_online is 'Form column 2.';
comment on column mart.timeliness_count.received_direct_postal is 'Form column 3.';
comment on column mart.timeliness_count.carried_over is 'Form column 4: open at the start.';
comment on column mart.timeliness_count.resolved_total is 'Form column 5 = 6 + 7 + 8, and what is not timed.';
comment on column mart.timeliness_count.resolved_early is 'Form column 6.';
comment on column mart.timeliness_count.resolved_on_time is 'Form column 7.';
comment on column mart.timeliness_count.resolved_late is 'Form column 8.';
comment on column mart.timeliness_count.resolved_untimed is 'Ended without being timed: withdrawn, where the rule set says so; always 0 under ii06.';
comment on column mart.timeliness_count.pending_total is 'Form column 9 = 10 + 11.';
comment on column mart.timeliness_count.pending_in_time is 'Form column 10.';
comment on column mart.timeliness_count.pending_overdue is 'Form column 11.';

-- grain: one run of the daily job
create table ops.run (
    run_id bigint generated always as identity primary key,
    started_at timestamptz not null,
    ended_at timestamptz,
    status text not null check (status in ('running', 'success', 'failed')),
    files_read integer,
    files_failed integer,
    dossiers_derived integer,
    message text
);
comment on table ops.run is 'Runs: grain one run of the daily job.';
comment on column ops.run.run_id is 'Key.';
comment on column ops.run.started_at is 'Start.';
comment on column ops.run.ended_at is 'End; null while running or when killed.';
comment on column ops.run.status is 'running, success or failed.';
comment on column ops.run.files_read is 'Files taken in.';
comment on column ops.run.files_failed is 'Files that could not be read.';
comment on column ops.run.dossiers_derived is 'Dossiers whose facts were derived anew.';
comment on column ops.run.message is 'What went wrong, if anything.';

-- grain: one name of something the warehouse keeps about itself
create table ops.setting (
    name text primary key,
    value text not null
);
comment on table ops.setting is 'What the warehouse remembers of itself: grain one name (digest of views and functions, day up to which daily tables reach).';
comment on column ops.setting.name is 'Name.';
comment on column ops.setting.value is 'Value.';
