-- Every dossier open and overdue at the end of the period (Phụ lục II) into report_list; the longest late first, by working
-- days. Parameters: date_to. Needs report_list, report_life, report_span.
insert into report_list (list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, days)
with timed as (
    select
        l.*,
        w.due_at,
        cut_off.working_day_number - due.working_day_number as days
    from report_life as l
    left join lateral (
        select r.due_at
        from report_span as r
        where r.dossier_code = l.dossier_code and cast(r.valid_from as date) <= :date_to and cast(r.valid_to as date) > :date_to
        order by r.valid_from desc
        limit 1
    ) as s on true
    -- without a promise, by the limit of the procedure
    cross join lateral (select coalesce(s.due_at, l.limit_due_at) as due_at) as w
    left join core.dim_date as due on cast(w.due_at as date) = due.date
    left join core.dim_date as cut_off on cut_off.date = :date_to
    where l.is_overdue
)

select
    'overdue',
    row_number() over (order by t.days desc nulls last, t.due_at asc, t.dossier_code asc),
    t.dossier_code, t.unit_key, t.unit_no, t.sector_no, t.procedure_key, t.received_at, t.due_at, t.days
from timed as t;
