-- grain: one dossier open and overdue at the end of the period (Phụ lục II), of those that the report lists.
-- Parameters: date_to, known_at. Needs report_unit, report_procedure, report_list, report_shown.
select
    l.dossier_code,
    l.unit_no,
    l.sector_no,
    u.unit_code,
    u.unit_name,
    p.procedure_code,
    p.procedure_name,
    p.field_name,
    l.received_at,
    l.due_at,
    h.department,
    h.position,
    l.days as working_days_late
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key
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
