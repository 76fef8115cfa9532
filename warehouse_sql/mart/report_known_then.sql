-- What a report counts, as known at a moment: see mart/report_known_now.sql.
-- Parameters: date_to, rule_set, known_at. Needs report_unit.
create temporary table report_derived on commit drop as
select d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.received_at, d.portal_disagreements, d.spans, d.limit_due_at,
    coalesce(p.field_name, '') as field_name
from core.dossier_as_known(cast(:known_at as timestamptz)) as d
inner join report_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from
left join core.procedure_by_day as p
    on d.procedure_code = p.procedure_code
    and coalesce(cast(d.received_at as date), date '9999-12-31') >= p.stands_from
    and coalesce(cast(d.received_at as date), date '9999-12-31') < p.stands_to;

create temporary table report_dossier on commit drop as
select d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.received_at, d.portal_disagreements, d.limit_due_at, d.field_name
from report_derived as d;

create temporary table report_event on commit drop as
select d.dossier_code, e.event_on, e.kind, e.quantity, d.unit_code, d.unit_valid_from, d.channel, d.field_name
from report_derived as d
cross join lateral core.rule_event(:rule_set, d.received_at, d.spans, d.limit_due_at) as e
where e.event_on <= :date_to;

create temporary table report_span on commit drop as
select d.dossier_code, s.valid_from, s.valid_to, s.state, s.due_at
from report_derived as d
cross join lateral unnest(d.spans) as s
where d.dossier_code in (select e.dossier_code from report_event as e where e.kind in ('resolved_late', 'became_overdue'));

-- Lists look their dossiers up one by one.
create index on report_span (dossier_code);
analyze report_dossier, report_event, report_span;
