-- grain: one dossier finished and not handed over at the end of the period, of those that the report lists.
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
    l.since as finished_at,
    'of_period' = any(l.kinds) as is_of_period,
    l.days as working_days_waiting
from report_row as l
where l.list = 'hand_over'
order by l.place;
