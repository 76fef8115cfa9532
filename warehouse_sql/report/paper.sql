-- grain: one dossier with papers that may not be asked for any more, of those that the report lists.
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
    'book' = any(l.kinds) as has_household_book,
    'identity' = any(l.kinds) as has_identity_copy
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key
where l.list = 'papers'
order by l.place;
