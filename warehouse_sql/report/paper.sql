-- grain: one dossier with papers that may not be asked for any more, of those that the report lists.
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
    'book' = any(l.kinds) as has_household_book,
    'identity' = any(l.kinds) as has_identity_copy
from report_row as l
where l.list = 'papers'
order by l.place;
