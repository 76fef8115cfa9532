-- grain: one dossier that is finished at the end of the period and not handed over by then, with since when. Finished in the
-- period: part of column 5 of the form; else it was finished before. The longest first, by working days.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_dossier.
-- Few are in that state: their spans are picked first, and only then looked up.
with finished as materialized (
    select s.dossier_code
    from core.span_as_known(cast(:known_at as timestamptz)) as s
    where s.state = 'resolved' and s.status = 9
        and s.valid_from < cast(:date_to as date) + 1 and s.valid_to >= cast(:date_to as date) + 1
)

select
    d.dossier_code,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.field_name,
    d.received_at,
    d.due_at,
    w.finished_at,
    w.finished_at >= :date_from as is_of_period,
    cast(cut_off.working_day_number - finished.working_day_number as bigint) as working_days_waiting
from finished as f
inner join report_dossier as d on f.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_key = u.unit_key
-- its end, where it did not go on after the period: nearly always
cross join lateral (
    select coalesce(
        case when d.ended_at < cast(:date_to as date) + 1 then d.ended_at end,
        (
            select coalesce(max(s.valid_to) filter (where s.state <> 'resolved'), min(s.valid_from))
            from core.span_as_known(cast(:known_at as timestamptz)) as s
            where s.dossier_code = f.dossier_code and s.valid_from < cast(:date_to as date) + 1
        )
    ) as finished_at
) as w
left join core.dim_date as finished on cast(w.finished_at as date) = finished.date
left join core.dim_date as cut_off on cut_off.date = :date_to
where d.is_counted and coalesce(d.returned_at >= cast(:date_to as date) + 1, true)
order by working_days_waiting desc nulls last, w.finished_at asc, d.dossier_code asc;
