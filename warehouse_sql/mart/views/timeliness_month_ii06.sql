-- grain: one reporting month (15 of the month before to 14), unit, procedure and channel.
create view mart.timeliness_month_ii06 as
select
    t.month,
    t.unit_code,
    t.unit_valid_from,
    t.unit_key,
    t.procedure_key,
    t.unit_name,
    t.procedure_code,
    t.channel,
    t.received_total,
    t.received_online,
    t.received_direct_postal,
    t.carried_over,
    t.resolved_total,
    t.resolved_early,
    t.resolved_on_time,
    t.resolved_late,
    t.pending_total,
    t.pending_in_time,
    t.pending_overdue,
    t.incomplete_feeds,
    t.counted_to
from mart.timeliness_month as t
where t.calendar = 'reporting' and t.rule_set = 'ii06';

comment on view mart.timeliness_month_ii06 is
'The counts of form II.06 by month: grain one reporting month (15 of the month before to 14), unit, procedure and channel, under the rule set ii06 alone. Received and resolved add up over months; carried_over and pending are of a moment, and do not.';
comment on column mart.timeliness_month_ii06.month is 'First day of the calendar month that names the reporting month: 2023-07-01 stands for 15/6 to 14/7.';
comment on column mart.timeliness_month_ii06.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.timeliness_month_ii06.unit_valid_from is 'List of units.';
comment on column mart.timeliness_month_ii06.unit_key is 'core.dim_unit.';
comment on column mart.timeliness_month_ii06.procedure_key is 'core.dim_procedure: the last version of the procedure, since a month counts its dossiers whatever version they were received under.';
comment on column mart.timeliness_month_ii06.unit_name is 'Name of the unit.';
comment on column mart.timeliness_month_ii06.procedure_code is 'core.dim_procedure.';
comment on column mart.timeliness_month_ii06.channel is 'core.dim_channel.';
comment on column mart.timeliness_month_ii06.received_total is 'Form column 1 = 2 + 3 + 4.';
comment on column mart.timeliness_month_ii06.received_online is 'Form column 2.';
comment on column mart.timeliness_month_ii06.received_direct_postal is 'Form column 3.';
comment on column mart.timeliness_month_ii06.carried_over is 'Form column 4: open at the start.';
comment on column mart.timeliness_month_ii06.resolved_total is 'Form column 5 = 6 + 7 + 8.';
comment on column mart.timeliness_month_ii06.resolved_early is 'Form column 6.';
comment on column mart.timeliness_month_ii06.resolved_on_time is 'Form column 7.';
comment on column mart.timeliness_month_ii06.resolved_late is 'Form column 8.';
comment on column mart.timeliness_month_ii06.pending_total is 'Form column 9 = 10 + 11.';
comment on column mart.timeliness_month_ii06.pending_in_time is 'Form column 10.';
comment on column mart.timeliness_month_ii06.pending_overdue is 'Form column 11.';
comment on column mart.timeliness_month_ii06.incomplete_feeds is 'Feeds of the month that are not complete, as "source day status" (ops.feed_day); null when all are.';
comment on column mart.timeliness_month_ii06.counted_to is 'Last day counted: the end of the month, or mart.horizon() while the month is not over.';
