-- Events of a report summed by unit, sector and day, up to the end of the period and as known at its moment: what its counts are
-- made of, so that the events themselves, millions, are gone through once. direct_*: what of it belongs to the one line of an
-- inspection report (report/inspection_line.sql), which is about the dossiers received directly in the period.
-- Parameters: date_from, date_to, rule_set, known_at. Needs report_unit, report_sector, report_procedure.
-- Makes report_flow.
create temporary table report_flow on commit drop as
select
    e.unit_key,
    u.unit_no,
    coalesce(p.sector_no, n.sector_no) as sector_no,
    e.event_on,
    coalesce(sum(e.quantity) filter (where e.kind = 'received' and e.channel = any(o.channels)), 0) as received_online,
    coalesce(sum(e.quantity) filter (where e.kind = 'received' and e.channel <> all(o.channels)), 0) as received_direct_postal,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_early'), 0) as resolved_early,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_on_time'), 0) as resolved_on_time,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as resolved_late,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_untimed'), 0) as resolved_untimed,
    coalesce(sum(e.quantity) filter (where e.kind = 'became_overdue'), 0) as newly_overdue,
    coalesce(sum(e.quantity) filter (where e.kind = 'overdue_cleared'), 0) as overdue_cleared,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'received'), 0) as direct_received,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind in ('resolved_early', 'resolved_on_time')), 0) as direct_timely,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'resolved_late'), 0) as direct_late,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'resolved_untimed'), 0) as direct_untimed,
    coalesce(sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity end)
        filter (where d.is_direct), 0) as direct_overdue
from core.event_as_known(cast(:known_at as timestamptz)) as e
inner join report_unit as u on e.unit_key = u.unit_key
left join report_procedure as p on e.procedure_key = p.procedure_key
cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
cross join (
    select array(select c.channel from core.dim_channel as c where c.is_online) as channels
) as o
cross join lateral (
    select e.channel = 1 and e.received_on between :date_from and :date_to as is_direct
) as d
-- in a subquery, so that the rule set is looked up once
where e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and e.event_on <= :date_to
group by e.unit_key, u.unit_no, coalesce(p.sector_no, n.sector_no), e.event_on;

analyze report_flow;
