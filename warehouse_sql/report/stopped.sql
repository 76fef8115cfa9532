-- grain: one dossier that is stopped or waits at the end of the period, of those that the report lists. Status: 5 waits for
-- papers, 6 for a payment of the applicant, 8 was stopped without a reason that a source would state.
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
    'overdue' = any(l.kinds) as is_overdue,
    n.status,
    n.status_name_vi,
    n.status_name_en,
    l.since as stopped_at,
    l.days as working_days_stopped
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key
inner join core.dim_status as n on l.kinds[1] = cast(n.status as text)
where l.list = 'stopped'
order by l.place;
