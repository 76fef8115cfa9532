-- grain: one day, unit, sector and channel, as known now.
create view mart.daily_flow_ii06 as
select
    s.date,
    s.unit_key,
    u.unit_code,
    u.valid_from as unit_valid_from,
    u.unit_name,
    s.sector_code,
    s.channel,
    s.received,
    s.resolved_early,
    s.resolved_on_time,
    s.resolved_late,
    s.became_overdue,
    s.overdue_cleared
from (
    select
        f.date,
        f.unit_key,
        f.sector_code,
        f.channel,
        sum(f.received) as received,
        sum(f.resolved_early) as resolved_early,
        sum(f.resolved_on_time) as resolved_on_time,
        sum(f.resolved_late) as resolved_late,
        sum(f.became_overdue) as became_overdue,
        sum(f.overdue_cleared) as overdue_cleared
    from mart.daily_flow as f
    where f.rule_sets & (select r.bit from core.rule_set as r where r.rule_set = 'ii06') <> 0
        -- days to come are no news
        and f.date <= (select mart.horizon())
    group by f.date, f.unit_key, f.sector_code, f.channel
) as s
inner join core.dim_unit as u on s.unit_key = u.unit_key
-- what was only known for a while adds up to nothing
where s.received <> 0 or s.resolved_early <> 0 or s.resolved_on_time <> 0
    or s.resolved_late <> 0 or s.became_overdue <> 0 or s.overdue_cleared <> 0;

comment on view mart.daily_flow_ii06 is
'Daily flows: grain one day, unit, sector and channel, under the rule set ii06 alone, as known now, up to the last day that is counted.';
comment on column mart.daily_flow_ii06.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.daily_flow_ii06.unit_valid_from is 'List of units.';
comment on column mart.daily_flow_ii06.unit_name is 'Name of the unit.';
comment on column mart.daily_flow_ii06.received is 'Dossiers received.';
comment on column mart.daily_flow_ii06.resolved_early is 'Resolved before the due date.';
comment on column mart.daily_flow_ii06.resolved_on_time is 'Resolved on the due date, without one, or withdrawn.';
comment on column mart.daily_flow_ii06.resolved_late is 'Resolved after the due date.';
comment on column mart.daily_flow_ii06.became_overdue is 'Open dossiers whose due date passed, or that resumed after it.';
comment on column mart.daily_flow_ii06.overdue_cleared is 'Overdue dossiers that were resolved, suspended or given a new due date.';
