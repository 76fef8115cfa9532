-- grain: one day, unit, sector, channel, set of rule sets and moment at which it became known
create table mart.daily_flow (
    date date not null,
    unit_key bigint not null references core.dim_unit (unit_key) deferrable initially deferred,
    sector_code text not null,
    channel smallint not null,
    rule_sets smallint not null check (rule_sets > 0),
    known_from timestamptz not null,
    received integer not null,
    resolved_early integer not null,
    resolved_on_time integer not null,
    resolved_late integer not null,
    resolved_untimed integer not null,
    became_overdue integer not null,
    overdue_cleared integer not null,
    primary key (unit_key, date, sector_code, channel, rule_sets, known_from)
);
create index on mart.daily_flow (date);
comment on table mart.daily_flow is
'Daily flows, a ledger: grain one day, unit, sector, channel, set of rule sets and known moment. Sums are what is known now; sums of rows with known_from up to a moment are what was known then. A stock at the end of a day is the running sum of flows: pending = received - resolved, overdue = became_overdue - overdue_cleared. Days to come say what becomes overdue if nothing happens.';
comment on column mart.daily_flow.date is 'Day.';
comment on column mart.daily_flow.unit_key is 'core.dim_unit.';
comment on column mart.daily_flow.sector_code is 'Sector (lĩnh vực) of the procedures: its code, else its name; x-unknown without either.';
comment on column mart.daily_flow.channel is 'core.dim_channel.';
comment on column mart.daily_flow.rule_sets is 'The rule sets it holds under: rule_sets & core.rule_set.bit <> 0.';
comment on column mart.daily_flow.known_from is 'When this much became known: a difference to what was known before.';
comment on column mart.daily_flow.received is 'Dossiers received.';
comment on column mart.daily_flow.resolved_early is 'Resolved before the due date.';
comment on column mart.daily_flow.resolved_on_time is 'Resolved on the due date, without one, or withdrawn.';
comment on column mart.daily_flow.resolved_late is 'Resolved after the due date.';
comment on column mart.daily_flow.resolved_untimed is 'Ended without being timed: withdrawn, where the rule set says so.';
comment on column mart.daily_flow.became_overdue is 'Open dossiers whose due date passed, or that resumed after it.';
comment on column mart.daily_flow.overdue_cleared is 'Overdue dossiers that were resolved, suspended or given a new due date.';

-- grain: one unit, procedure and channel whose stocks are to be summed again; emptied by who does so
create table mart.touched_cell (
    unit_key bigint not null,
    procedure_code text not null,
    channel smallint not null,
    date_from date not null,
    primary key (unit_key, procedure_code, channel)
);
comment on table mart.touched_cell is
'Where flows changed since stocks were last summed: grain one unit, procedure and channel. A crash in between loses nothing.';
comment on column mart.touched_cell.unit_key is 'core.dim_unit.';
comment on column mart.touched_cell.procedure_code is 'core.dim_procedure.';
comment on column mart.touched_cell.channel is 'core.dim_channel.';
comment on column mart.touched_cell.date_from is 'First day that changed.';
