-- What happened in the period, in all units, as known at a moment: see report/moment_now.sql.
-- Parameters: date_from, date_to. Needs derived_dossier.
-- Makes report_finish, report_pause.
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

analyze report_finish, report_pause;
