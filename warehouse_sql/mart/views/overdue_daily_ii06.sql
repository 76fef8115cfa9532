-- grain: one day and unit.
create view mart.overdue_daily_ii06 as
select
    o.date,
    o.unit_code,
    o.unit_valid_from,
    o.unit_key,
    o.unit_name,
    o.newly_overdue,
    o.overdue_cleared,
    o.overdue_open,
    o.pending,
    o.incomplete_feeds
from mart.overdue_daily as o
where o.rule_set = 'ii06';

comment on view mart.overdue_daily_ii06 is
'Overdue stock and flow: grain one day and unit, under the rule set ii06 alone; every day from the unit''s first dossier to the last export. Newly overdue and cleared add up over days; overdue_open and pending are of the end of a day, and do not.';
comment on column mart.overdue_daily_ii06.date is 'Day.';
comment on column mart.overdue_daily_ii06.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.overdue_daily_ii06.unit_valid_from is 'List of units.';
comment on column mart.overdue_daily_ii06.unit_key is 'core.dim_unit.';
comment on column mart.overdue_daily_ii06.unit_name is 'Name of the unit.';
comment on column mart.overdue_daily_ii06.newly_overdue is 'Became overdue that day.';
comment on column mart.overdue_daily_ii06.overdue_cleared is 'Ceased to be open and overdue that day.';
comment on column mart.overdue_daily_ii06.overdue_open is 'Open and overdue at the end of the day.';
comment on column mart.overdue_daily_ii06.pending is 'Open at the end of the day, suspended ones included.';
comment on column mart.overdue_daily_ii06.incomplete_feeds is 'Feeds of the day that are not complete, as "source day status" (ops.feed_day); null when all are.';
