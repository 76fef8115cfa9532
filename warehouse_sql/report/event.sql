-- What a report counts: events of its dossiers up to the end of the period, as known at its moment.
-- Parameters: date_to, rule_set, known_at. Needs report_unit, report_sector, report_procedure.
-- Makes report_event.
create temporary table report_event on commit drop as
select
    e.dossier_code, e.event_on, e.kind, e.quantity, e.unit_key, u.unit_no, coalesce(p.sector_no, n.sector_no) as sector_no,
    e.channel, e.received_on
from core.event_as_known(cast(:known_at as timestamptz)) as e
inner join report_unit as u on e.unit_key = u.unit_key
left join report_procedure as p on e.procedure_key = p.procedure_key
cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
-- in a subquery, so that the rule set is looked up once
where e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and e.event_on <= :date_to;

analyze report_event;
