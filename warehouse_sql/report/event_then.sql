-- What a report counts, as known at a moment: see report/event_now.sql.
-- Parameters: date_to, rule_set. Needs report_dossier, derived_dossier.
-- Makes report_event.
create temporary table report_event on commit drop as
select
    d.dossier_code, e.event_on, e.kind, e.quantity, d.unit_code, d.unit_valid_from, d.unit_no, d.sector_no, d.channel,
    cast(d.received_at as date) as received_on
from report_dossier as d
inner join derived_dossier as r on d.dossier_code = r.dossier_code
cross join lateral core.rule_event(:rule_set, d.received_at, r.spans, d.limit_due_at) as e
where e.event_on <= :date_to;

analyze report_event;
