-- grain: one dossier that is stopped or waits at the end of the period, of those that the report lists. Status: 5 waits for
-- papers, 6 for a payment of the applicant, 8 was stopped without a reason that a source would state.
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
    'overdue' = any(l.kinds) as is_overdue,
    n.status,
    n.status_name_vi,
    n.status_name_en,
    l.since as stopped_at,
    l.days as working_days_stopped
from report_row as l
inner join core.dim_status as n on l.kinds[1] = cast(n.status as text)
where l.list = 'stopped'
order by l.place;
