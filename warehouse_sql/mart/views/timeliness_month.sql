-- grain: one month of one calendar, unit, procedure, channel and rule set.
create view mart.timeliness_month as
with incomplete as (
    select
        m.calendar, m.month,
        array_agg(format('%s %s %s', f.source, f.day, f.status) order by f.day, f.source) as incomplete_feeds
    from ops.feed_day as f
    inner join core.dim_date as d on f.day = d.date
    cross join lateral (values ('reporting', d.reporting_month), ('calendar', d.calendar_month)) as m (calendar, month)
    where f.status in ('missing', 'thin', 'failed')
    group by m.calendar, m.month
)

select
    t.calendar,
    t.month,
    t.unit_code,
    t.unit_valid_from,
    t.unit_key,
    t.procedure_key,
    t.unit_name,
    t.procedure_code,
    t.channel,
    r.rule_set,
    t.received_total,
    t.received_online,
    t.received_direct_postal,
    t.carried_over,
    t.resolved_total,
    t.resolved_early,
    t.resolved_on_time,
    t.resolved_late,
    t.resolved_untimed,
    t.pending_total,
    t.pending_in_time,
    t.pending_overdue,
    i.incomplete_feeds,
    least(
        case t.calendar when 'reporting' then t.month + 13 else cast(t.month + interval '1 month' as date) - 1 end,
        -- A subquery is asked once; a function would be asked for every row.
        (select mart.horizon())
    ) as counted_to
from mart.timeliness_count as t
inner join core.rule_set as r on t.rule_sets & r.bit <> 0
left join incomplete as i on t.calendar = i.calendar and t.month = i.month;

comment on view mart.timeliness_month is
'CAUTION: two calendars and several rule sets in one view. Filter by both, or read mart.timeliness_month_ii06 or mart.timeliness_calendar_month_ii06; a sum without counts everything many times. The counts of form II.06 by month: grain one month of one calendar, unit, procedure, channel and rule set; months up to mart.horizon() in which there was something to count.';
comment on column mart.timeliness_month.calendar is 'reporting (15 of the month before to 14) or calendar.';
comment on column mart.timeliness_month.month is 'First day of the month that names the period.';
comment on column mart.timeliness_month.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.timeliness_month.unit_valid_from is 'List of units.';
comment on column mart.timeliness_month.unit_key is 'core.dim_unit.';
comment on column mart.timeliness_month.procedure_key is 'core.dim_procedure: the last version of the procedure, since a month counts its dossiers whatever version they were received under.';
comment on column mart.timeliness_month.unit_name is 'Name of the unit.';
comment on column mart.timeliness_month.procedure_code is 'core.dim_procedure.';
comment on column mart.timeliness_month.channel is 'core.dim_channel.';
comment on column mart.timeliness_month.rule_set is 'Named definition.';
comment on column mart.timeliness_month.received_total is 'Form column 1 = 2 + 3 + 4.';
comment on column mart.timeliness_month.received_online is 'Form column 2.';
comment on column mart.timeliness_month.received_direct_postal is 'Form column 3.';
comment on column mart.timeliness_month.carried_over is 'Form column 4: open at the start.';
comment on column mart.timeliness_month.resolved_total is 'Form column 5 = 6 + 7 + 8, and what is not timed.';
comment on column mart.timeliness_month.resolved_early is 'Form column 6.';
comment on column mart.timeliness_month.resolved_on_time is 'Form column 7.';
comment on column mart.timeliness_month.resolved_late is 'Form column 8.';
comment on column mart.timeliness_month.resolved_untimed is 'Ended without being timed: withdrawn, where the rule set says so; always 0 under ii06.';
comment on column mart.timeliness_month.pending_total is 'Form column 9 = 10 + 11.';
comment on column mart.timeliness_month.pending_in_time is 'Form column 10.';
comment on column mart.timeliness_month.pending_overdue is 'Form column 11.';
comment on column mart.timeliness_month.incomplete_feeds is
'Feeds of the month that are not complete, as "source day status" (ops.feed_day); null when all are.';
comment on column mart.timeliness_month.counted_to is
'Last day counted: the end of the month, or mart.horizon() while the month is not over.';
