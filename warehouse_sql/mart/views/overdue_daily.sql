-- grain: one day, unit and rule set.
create view mart.overdue_daily as
with incomplete as (
    select day, array_agg(format('%s %s %s', source, day, status) order by source) as incomplete_feeds
    from ops.feed_day
    where status in ('missing', 'thin', 'failed')
    group by day
)

select
    t.date,
    t.unit_code,
    t.unit_valid_from,
    t.unit_key,
    t.unit_name,
    t.rule_set,
    t.newly_overdue,
    t.overdue_cleared,
    t.overdue_open,
    t.pending,
    i.incomplete_feeds
from mart.overdue_stock as t
left join incomplete as i on t.date = i.day;

comment on view mart.overdue_daily is
'CAUTION: several rule sets in one view. Filter by rule_set, or read mart.overdue_daily_ii06. Overdue stock and flow: grain one day, unit and rule set, every day from the unit''s first dossier to the last export.';
comment on column mart.overdue_daily.date is 'Day.';
comment on column mart.overdue_daily.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.overdue_daily.unit_valid_from is 'List of units.';
comment on column mart.overdue_daily.unit_key is 'core.dim_unit.';
comment on column mart.overdue_daily.unit_name is 'Name of the unit.';
comment on column mart.overdue_daily.rule_set is 'Named definition.';
comment on column mart.overdue_daily.newly_overdue is 'Became overdue that day.';
comment on column mart.overdue_daily.overdue_cleared is 'Ceased to be open and overdue that day.';
comment on column mart.overdue_daily.overdue_open is 'Open and overdue at the end of the day.';
comment on column mart.overdue_daily.pending is 'Open at the end of the day, suspended ones included.';
comment on column mart.overdue_daily.incomplete_feeds is
'Feeds of the day that are not complete, as "source day status" (ops.feed_day); null when all are.';
