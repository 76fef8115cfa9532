create temporary table months_by_sets on commit drop as
select
    t.calendar, t.month, t.unit_code, t.unit_valid_from, t.unit_name, t.procedure_code, t.procedure_key, t.channel,
    bit_or(r.bit) as rule_sets,
    t.received_total, t.received_online, t.received_direct_postal, t.carried_over, t.resolved_total, t.resolved_early,
    t.resolved_on_time, t.resolved_late, t.resolved_untimed, t.pending_total, t.pending_in_time, t.pending_overdue
from mart.timeliness_count as t
inner join core.rule_set as r on t.rule_set = r.rule_set
group by
    t.calendar, t.month, t.unit_code, t.unit_valid_from, t.unit_name, t.procedure_code, t.procedure_key, t.channel,
    t.received_total, t.received_online, t.received_direct_postal, t.carried_over, t.resolved_total, t.resolved_early,
    t.resolved_on_time, t.resolved_late, t.resolved_untimed, t.pending_total, t.pending_in_time, t.pending_overdue;

truncate mart.timeliness_count;

-- its key and what refers to the rule set go with the column
alter table mart.timeliness_count drop column rule_set;
alter table mart.timeliness_count add column rule_sets smallint not null check (rule_sets > 0);
-- one rule set is in one of the rows of a cell alone: they are always written together
alter table mart.timeliness_count
add primary key (unit_code, unit_valid_from, procedure_code, channel, calendar, month, rule_sets);

insert into mart.timeliness_count (
    calendar, month, unit_code, unit_valid_from, unit_name, procedure_code, procedure_key, channel, rule_sets,
    received_total, received_online, received_direct_postal, carried_over, resolved_total, resolved_early, resolved_on_time,
    resolved_late, resolved_untimed, pending_total, pending_in_time, pending_overdue
)
select
    calendar, month, unit_code, unit_valid_from, unit_name, procedure_code, procedure_key, channel, rule_sets,
    received_total, received_online, received_direct_postal, carried_over, resolved_total, resolved_early, resolved_on_time,
    resolved_late, resolved_untimed, pending_total, pending_in_time, pending_overdue
from months_by_sets
order by unit_code, unit_valid_from, procedure_code, channel, calendar, month, rule_sets;

-- a table with keys that are still to be checked can't be altered
set constraints all immediate;

analyze mart.timeliness_count;

comment on table mart.timeliness_count is
'CAUTION: two calendars, and a row holds under several rule sets. Read mart.timeliness_month_ii06 or mart.timeliness_calendar_month_ii06, or choose a calendar, join core.rule_set on rule_sets & bit <> 0, and choose one rule set. The counts of form II.06 by month as stored (mart.timeliness_month says what they rest on): grain one month of one calendar, unit, procedure, channel and set of rule sets; months up to the last export in which there was something to count.';
comment on column mart.timeliness_count.rule_sets is 'The rule sets it holds under: rule_sets & core.rule_set.bit <> 0.';
