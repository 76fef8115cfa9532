-- grain: one dossier that is stopped or waits (suspended) at the end of the period, with since when: the day from which it was
-- so without a break. Status: 5 waits for papers, 6 for a payment of the applicant, 8 was stopped without a reason that a source
-- would state. The longest first, by working days. Parameters: date_to. Needs report_open, report_span.
select
    o.dossier_code,
    o.unit_no,
    o.sector_no,
    o.unit_code,
    o.unit_name,
    o.procedure_code,
    o.procedure_name,
    o.field_name,
    o.received_at,
    o.due_at,
    o.is_overdue,
    o.status,
    n.status_name_vi,
    n.status_name_en,
    w.stopped_at,
    cast(cut_off.working_day_number - stopped.working_day_number as bigint) as working_days_stopped
from report_open as o
inner join core.dim_status as n on o.status = n.status
cross join lateral (
    select coalesce(max(s.valid_to) filter (where s.state <> 'suspended'), min(s.valid_from)) as stopped_at
    from report_span as s
    where s.dossier_code = o.dossier_code and s.valid_from < cast(:date_to as date) + 1
) as w
left join core.dim_date as stopped on cast(w.stopped_at as date) = stopped.date
left join core.dim_date as cut_off on cut_off.date = :date_to
where o.state = 'suspended'
order by working_days_stopped desc nulls last, w.stopped_at asc, o.dossier_code asc;
