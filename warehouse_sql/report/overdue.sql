-- grain: one dossier open and overdue at the end of the period (Phụ lục II), of those that the report lists.
-- Parameters: date_to, known_at. Needs report_row.
select
    l.dossier_code,
    l.unit_no,
    l.sector_no,
    l.unit_code,
    l.unit_name,
    l.procedure_code,
    l.procedure_name,
    l.field_name,
    l.received_at,
    l.due_at,
    h.department,
    h.position,
    l.days as working_days_late
from report_row as l
-- Who had it last: an office and a function, never a person.
left join lateral (
    select t.department, t.position
    from history.process_step as t
    where t.dossier_code = l.dossier_code and t.known_from <= cast(:known_at as timestamptz)
        and cast(t.processed_at as date) <= :date_to
    order by t.processed_at desc, t.status desc, t.department asc, t.position asc
    limit 1
) as h on true
where l.list = 'overdue'
order by l.place;
