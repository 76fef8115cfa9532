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
