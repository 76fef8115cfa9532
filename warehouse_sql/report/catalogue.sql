-- grain: one dossier whose procedure the catalogue did not have as it is named, of those that the report lists.
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
    l.kinds[1] as reason,
    case l.kinds[1] when 'ended' then p.valid_to end as ended_on
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key
where l.list = 'catalogue'
order by l.place;
