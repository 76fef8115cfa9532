-- Events of a report summed by unit, sector and day, up to the end of the period and as known at its moment: what its counts are
-- made of. direct_*: what of it belongs to the one line of an inspection report (report/inspection_line.sql), which is about the
-- dossiers received directly in the period.
-- The daily flow is the same events, summed by unit, sector, channel and day: a sixth as many rows. It does not tell when dossiers
-- were received, so what direct channels did in the period is taken from it, less the events of dossiers received at other
-- times, which are few. And it knows a sector by its code: a code that stands for several names is counted from the events.
-- Parameters: date_from, date_to, rule_set, known_at. Needs report_unit, report_procedure, report_sector.
-- Makes report_flow.
create temporary table report_flow on commit drop as
with sector_of_code as materialized (
    select p.sector_code, min(r.sector_no) as sector_no, min(r.sector_no) <> max(r.sector_no) as has_several
    from mart.procedure as p
    inner join report_procedure as r on p.procedure_key = r.procedure_key
    group by p.sector_code
),

-- weight is how often it is counted, direct how often among what was received directly in the period.
counted as (
    select
        f.unit_key, s.sector_no, f.date as event_on, f.channel, 1 as weight,
        case when f.channel = 1 and f.date >= :date_from then 1 else 0 end as direct,
        f.received, f.resolved_early, f.resolved_on_time, f.resolved_late, f.resolved_untimed, f.became_overdue, f.overdue_cleared
    from mart.daily_flow as f
    left join sector_of_code as s on f.sector_code = s.sector_code
    -- in a subquery, so that the rule set is looked up once
    where f.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and f.date <= :date_to
        and f.known_from <= cast(:known_at as timestamptz) and s.has_several is not true
    union all
    select
        e.unit_key, p.sector_no, e.event_on, e.channel, cast(d.is_counted as integer),
        cast(d.is_direct as integer) - cast(d.was_taken_as_direct as integer),
        case e.kind when 'received' then e.quantity else 0 end,
        case e.kind when 'resolved_early' then e.quantity else 0 end,
        case e.kind when 'resolved_on_time' then e.quantity else 0 end,
        case e.kind when 'resolved_late' then e.quantity else 0 end,
        case e.kind when 'resolved_untimed' then e.quantity else 0 end,
        case e.kind when 'became_overdue' then e.quantity else 0 end,
        case e.kind when 'overdue_cleared' then e.quantity else 0 end
    from core.event_as_known(cast(:known_at as timestamptz)) as e
    left join report_procedure as p on e.procedure_key = p.procedure_key
    cross join (
        select array(select s.sector_code from sector_of_code as s where s.has_several) as codes
    ) as several
    cross join lateral (
        select
            e.sector_code = any(several.codes) as is_counted,
            e.channel = 1 and e.received_on between :date_from and :date_to as is_direct,
            e.channel = 1 and e.event_on >= :date_from and e.sector_code <> all(several.codes) as was_taken_as_direct
    ) as d
    where e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and e.event_on <= :date_to
        and (d.is_counted or d.is_direct <> d.was_taken_as_direct)
),

summed as (
    select
        c.unit_key,
        coalesce(c.sector_no, n.sector_no) as sector_no,
        c.event_on,
        coalesce(sum(c.received * c.weight) filter (where c.channel = any(o.channels)), 0) as received_online,
        coalesce(sum(c.received * c.weight) filter (where c.channel <> all(o.channels)), 0) as received_direct_postal,
        sum(c.resolved_early * c.weight) as resolved_early,
        sum(c.resolved_on_time * c.weight) as resolved_on_time,
        sum(c.resolved_late * c.weight) as resolved_late,
        sum(c.resolved_untimed * c.weight) as resolved_untimed,
        sum(c.became_overdue * c.weight) as newly_overdue,
        sum(c.overdue_cleared * c.weight) as overdue_cleared,
        sum(c.received * c.direct) as direct_received,
        sum((c.resolved_early + c.resolved_on_time) * c.direct) as direct_timely,
        sum(c.resolved_late * c.direct) as direct_late,
        sum(c.resolved_untimed * c.direct) as direct_untimed,
        sum((c.became_overdue - c.overdue_cleared) * c.direct) as direct_overdue
    from counted as c
    cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
    cross join (
        select array(select c.channel from core.dim_channel as c where c.is_online) as channels
    ) as o
    group by c.unit_key, coalesce(c.sector_no, n.sector_no), c.event_on
)

select
    s.unit_key, u.unit_no, s.sector_no, s.event_on, s.received_online, s.received_direct_postal,
    s.resolved_early, s.resolved_on_time, s.resolved_late, s.resolved_untimed, s.newly_overdue, s.overdue_cleared,
    s.direct_received, s.direct_timely, s.direct_late, s.direct_untimed, s.direct_overdue
from summed as s
inner join report_unit as u on s.unit_key = u.unit_key
-- what was known for a while and taken back leaves nothing
where s.received_online <> 0 or s.received_direct_postal <> 0 or s.resolved_early <> 0 or s.resolved_on_time <> 0
    or s.resolved_late <> 0 or s.resolved_untimed <> 0 or s.newly_overdue <> 0 or s.overdue_cleared <> 0
    or s.direct_received <> 0 or s.direct_timely <> 0 or s.direct_late <> 0 or s.direct_untimed <> 0 or s.direct_overdue <> 0;

analyze report_flow;
