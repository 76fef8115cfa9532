-- grain: one dossier open and overdue at the end of the period (Phụ lục II); the longest late first, by working days.
-- Parameters: date_to, known_at. Needs report_unit, report_dossier, report_life, report_span.
select
    d.dossier_code,
    d.received_at,
    -- without a promise, by the limit of the procedure
    coalesce(s.due_at, d.limit_due_at) as due_at,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.field_name,
    h.department,
    h.position,
    cast(cut_off.working_day_number - due.working_day_number as bigint) as working_days_late
from report_life as o
inner join report_dossier as d on o.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_key = u.unit_key
left join lateral (
    select r.due_at
    from report_span as r
    where r.dossier_code = o.dossier_code and cast(r.valid_from as date) <= :date_to and cast(r.valid_to as date) > :date_to
    order by r.valid_from desc
    limit 1
) as s on true
-- Who had it last: an office and a function, never a person.
left join lateral (
    select p.department, p.position
    from history.process_step as p
    where p.dossier_code = o.dossier_code and p.known_from <= cast(:known_at as timestamptz)
        and cast(p.processed_at as date) <= :date_to
    order by p.processed_at desc, p.status desc, p.department asc, p.position asc
    limit 1
) as h on true
left join core.dim_date as due on cast(coalesce(s.due_at, d.limit_due_at) as date) = due.date
left join core.dim_date as cut_off on cut_off.date = :date_to
where o.is_overdue
order by working_days_late desc nulls last, due_at asc, d.dossier_code asc;
