-- grain: one dossier resolved late in the period (Phụ lục I); the longest late first, by working days.
-- One that was taken back in the same period is not late in it. Parameters: date_from, date_to.
-- Needs report_unit, report_dossier, report_event, report_span.
with late as (
    select e.dossier_code, max(e.event_on) filter (where e.quantity > 0) as ended_on
    from report_event as e
    where e.kind = 'resolved_late' and e.event_on between :date_from and :date_to
    group by e.dossier_code
    having sum(e.quantity) > 0
)

select
    d.dossier_code,
    d.received_at,
    -- without a promise, by the limit of the procedure
    coalesce(s.due_at, d.limit_due_at) as due_at,
    s.ended_at,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.field_name,
    (ended.working_day_number - due.working_day_number)::bigint as working_days_late
from late as l
inner join report_dossier as d on l.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_key = u.unit_key
left join lateral (
    select r.due_at, r.valid_from as ended_at
    from report_span as r
    where r.dossier_code = l.dossier_code and r.valid_from::date = l.ended_on
    -- of several that day the one that ended it, late
    order by r.state = 'resolved' desc, r.due_at < r.valid_from desc nulls last, r.valid_from desc
    limit 1
) as s on true
left join core.dim_date as due on coalesce(s.due_at, d.limit_due_at)::date = due.date
left join core.dim_date as ended on l.ended_on = ended.date
order by working_days_late desc nulls last, due_at asc, d.dossier_code asc;
