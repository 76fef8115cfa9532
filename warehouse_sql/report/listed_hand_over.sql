-- Every dossier that is finished at the end of the period and not handed over by then into report_list, with since when. kinds:
-- of_period, finished in the period, which is part of column 5 of the form; else before. The longest first, by working days.
-- Parameters: date_from, date_to, known_at. Needs report_list, report_dossier.
insert into report_list (
    list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, since, days, kinds
)
-- Mostly few are in that state: their spans are picked first, and only then looked up.
with finished as materialized (
    select s.dossier_code
    from core.span_as_known(cast(:known_at as timestamptz)) as s
    where s.state = 'resolved' and s.status = 9
        and s.valid_from < cast(:date_to as date) + 1 and s.valid_to >= cast(:date_to as date) + 1
),

timed as (
    select
        d.dossier_code, d.unit_key, d.unit_no, d.sector_no, d.procedure_key, d.received_at, d.due_at, w.finished_at,
        cut_off.working_day_number - finished.working_day_number as days
    from report_dossier as d
    -- its end, where it did not go on after the period: nearly always
    cross join lateral (
        select coalesce(
            case when d.ended_at < cast(:date_to as date) + 1 then d.ended_at end,
            (
                select coalesce(max(s.valid_to) filter (where s.state <> 'resolved'), min(s.valid_from))
                from core.span_as_known(cast(:known_at as timestamptz)) as s
                where s.dossier_code = d.dossier_code and s.valid_from < cast(:date_to as date) + 1
            )
        ) as finished_at
    ) as w
    left join core.dim_date as finished on cast(w.finished_at as date) = finished.date
    left join core.dim_date as cut_off on cut_off.date = :date_to
    where d.dossier_code in (select f.dossier_code from finished as f)
        and d.is_counted and coalesce(d.returned_at >= cast(:date_to as date) + 1, true)
)

select
    'hand_over',
    row_number() over (order by t.days desc nulls last, t.finished_at asc, t.dossier_code asc),
    t.dossier_code, t.unit_key, t.unit_no, t.sector_no, t.procedure_key, t.received_at, t.due_at, t.finished_at, t.days,
    case when t.finished_at >= :date_from then array['of_period'] else array['before'] end
from timed as t;
