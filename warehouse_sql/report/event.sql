-- What a report counts, as known now: events of its dossiers up to the end of the period. Beside
-- report/event_then.sql: same table, same columns.
-- Parameters: date_to, rule_set. Needs report_unit, report_sector, report_procedure, report_dossier.
-- Makes report_event.
create temporary table report_event on commit drop as
select
    e.dossier_code, e.event_on, e.kind, e.quantity, e.unit_code, e.unit_valid_from, u.unit_no,
    coalesce(p.sector_no, n.sector_no) as sector_no,
    e.channel, e.received_on
from core.fct_dossier_event as e
inner join report_unit as u on e.unit_code = u.unit_code and e.unit_valid_from = u.valid_from
left join report_procedure as p
    on e.procedure_code = p.procedure_code and e.received_on >= p.stands_from and e.received_on < p.stands_to
cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
where e.rule_set = :rule_set and e.event_on <= :date_to
union all
-- of a rule set that is not stored, what the dossiers themselves add
select
    d.dossier_code, e.event_on, e.kind, e.quantity, d.unit_code, d.unit_valid_from, d.unit_no, d.sector_no, d.channel,
    cast(d.received_at as date)
from (
    select
        r.dossier_code, r.unit_code, r.unit_valid_from, r.unit_no, r.sector_no, r.channel, r.received_at, r.limit_due_at,
        array_agg(cast((s.valid_from, s.valid_to, s.status, s.state, s.due_at) as core.life_span) order by s.span_number) as spans
    from report_dossier as r
    inner join core.fct_dossier_span as s on r.dossier_code = s.dossier_code
    where not core.is_stored_rule_set(:rule_set)
    group by r.dossier_code, r.unit_code, r.unit_valid_from, r.unit_no, r.sector_no, r.channel, r.received_at, r.limit_due_at
) as d
cross join lateral core.rule_event(:rule_set, d.received_at, d.spans, d.limit_due_at) as e
where e.event_on <= :date_to;

analyze report_event;
