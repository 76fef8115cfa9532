-- grain: one dossier resolved late in the period (Phụ lục I), of those that the report lists.
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
    l.since as ended_at,
    l.days as working_days_late
from report_row as l
where l.list = 'late'
order by l.place;
