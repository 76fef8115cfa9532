-- What a report counts, as known now: dossiers of its units, their events up to the end of the period, and the spans
-- of those that were ever late. Beside mart/report_known_then.sql: same tables, same columns.
-- Parameters: date_to, rule_set. Needs report_unit.
create temporary table report_dossier on commit drop as
select d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.received_at, d.portal_disagreements, d.limit_due_at,
    coalesce(p.field_name, '') as field_name
from core.fct_dossier as d
inner join report_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from
-- the field that the catalogue had on the day of reception, as in core.dossier_procedure
left join core.procedure_by_day as p
    on d.procedure_code = p.procedure_code
    and coalesce(d.received_at::date, date '9999-12-31') >= p.stands_from
    and coalesce(d.received_at::date, date '9999-12-31') < p.stands_to;

analyze report_dossier;

create temporary table report_event on commit drop as
select e.dossier_code, e.event_on, e.kind, e.quantity, e.unit_code, e.unit_valid_from, e.channel, d.field_name
from core.fct_dossier_event as e
inner join report_dossier as d on e.dossier_code = d.dossier_code
where e.rule_set = :rule_set and e.event_on <= :date_to
union all
-- of a rule set that is not stored, what the dossiers themselves add
select d.dossier_code, e.event_on, e.kind, e.quantity, d.unit_code, d.unit_valid_from, d.channel, d.field_name
from (
    select r.*, array_agg((s.valid_from, s.valid_to, s.status, s.state, s.due_at)::core.life_span order by s.span_number) as spans
    from report_dossier as r
    inner join core.fct_dossier_span as s on r.dossier_code = s.dossier_code
    where not core.is_stored_rule_set(:rule_set)
    group by r.dossier_code, r.unit_code, r.unit_valid_from, r.channel, r.received_at, r.portal_disagreements, r.limit_due_at,
        r.field_name
) as d
cross join lateral core.rule_event(:rule_set, d.received_at, d.spans, d.limit_due_at) as e
where e.event_on <= :date_to;

create temporary table report_span on commit drop as
select s.dossier_code, s.valid_from, s.valid_to, s.state, s.due_at
from core.fct_dossier_span as s
where s.dossier_code in (select e.dossier_code from report_event as e where e.kind in ('resolved_late', 'became_overdue'));

-- Lists look their dossiers up one by one.
create index on report_span (dossier_code);
analyze report_event, report_span;
