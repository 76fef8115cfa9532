-- What a report counts, as known at a moment: see mart/report_known_now.sql.
-- Parameters: date_from, date_to, rule_set. Needs report_dossier, derived_dossier.
create temporary table report_event on commit drop as
select
    d.dossier_code, e.event_on, e.kind, e.quantity, d.unit_code, d.unit_valid_from, d.page, d.field, d.channel,
    cast(d.received_at as date) as received_on
from report_dossier as d
inner join derived_dossier as r on d.dossier_code = r.dossier_code
cross join lateral core.rule_event(:rule_set, d.received_at, r.spans, d.limit_due_at) as e
where e.event_on <= :date_to;

create temporary table report_finish on commit drop as
select d.dossier_code, d.unit_code, d.unit_valid_from, d.procedure_code, d.received_at, d.due_at, d.ended_at
from derived_dossier as d
where d.state = 'resolved' and d.ended_at >= :date_from and d.ended_at < cast(:date_to as date) + 1;

create temporary table report_pause on commit drop as
select d.dossier_code, d.unit_code, d.unit_valid_from, d.procedure_code, d.received_at, s.due_before as due_at, s.requested_at
from derived_dossier as d
cross join lateral (
    select
        x.status,
        x.valid_from as requested_at,
        lag(x.status) over (order by x.valid_from) as status_before,
        lag(x.due_at) over (order by x.valid_from) as due_before
    from unnest(d.spans) as x
) as s
where s.status = 5 and s.status_before <> 5
    and s.requested_at >= :date_from and s.requested_at < cast(:date_to as date) + 1;

analyze report_event, report_finish, report_pause;
