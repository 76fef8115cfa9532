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
comment on column mart.timeliness_month_ii06.resolved_total is 'Form column 5 = 6 + 7 + 8.';
