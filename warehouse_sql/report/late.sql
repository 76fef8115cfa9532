-- grain: one dossier resolved late in the period (Phụ lục I), of those that the report lists.
-- Needs report_unit, report_procedure, report_list, report_shown.
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
    l.since as ended_at,
    l.days as working_days_late
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key
where l.list = 'late'
order by l.place;
