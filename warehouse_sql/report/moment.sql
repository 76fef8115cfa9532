-- What happened in the period, in all units, as known at the moment of the report: report_finish, what was finished, and
-- report_pause, the supplements that were asked for; a rate of one unit means nothing without that of the others.
-- Parameters: date_from, date_to, known_at.
-- Makes report_finish, report_pause.
create temporary table report_finish on commit drop as
select d.dossier_code, d.unit_key, d.procedure_key, d.received_at, d.due_at, d.ended_at
from core.dossier_as_known(cast(:known_at as timestamptz)) as d
where d.state = 'resolved' and d.ended_at >= :date_from and d.ended_at < cast(:date_to as date) + 1;

create temporary table report_pause on commit drop as
select d.dossier_code, d.unit_key, d.procedure_key, d.received_at, b.due_at, s.valid_from as requested_at
from core.span_as_known(cast(:known_at as timestamptz)) as s
-- few, and each has one before it: looked up by the key
cross join lateral (
    select o.status, o.due_at
    from core.span_as_known(cast(:known_at as timestamptz)) as o
    where o.dossier_code = s.dossier_code and o.span_number = s.span_number - 1
    -- at most one; the limit keeps the look-up one by one
    order by o.span_number
    limit 1
) as b
cross join lateral (
    select o.*
    from core.dossier_as_known(cast(:known_at as timestamptz)) as o
    where o.dossier_code = s.dossier_code
    order by o.dossier_code
    limit 1
) as d
where s.status = 5 and b.status <> 5 and s.valid_from >= :date_from and s.valid_from < cast(:date_to as date) + 1;

analyze report_finish, report_pause;
