-- grain: one dossier whose procedure the catalogue did not have as it is named, of those that the report lists.
-- Needs report_row.
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
    l.kinds[1] as reason,
    case l.kinds[1] when 'ended' then l.procedure_valid_to end as ended_on
from report_row as l
where l.list = 'catalogue'
order by l.place;
