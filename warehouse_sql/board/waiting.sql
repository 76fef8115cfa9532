-- grain: one dossier that is stopped or waits for the applicant (suspended), or whose result is ready and not handed over
-- (hand_over), for more than some working days.
-- Parameters: unit_keys, kind, days.
select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    d.procedure_name,
    n.status_name_vi,
    n.status_name_en,
    d.received_at,
    w.waiting_since,
    a.working_day_number - s.working_day_number as working_days
from mart.dossier as d
cross join lateral (
    select case :kind when 'suspended' then d.suspended_since else d.waiting_for_hand_over_since end as waiting_since
) as w
inner join mart.status as n on d.status = n.status
inner join mart.day as a on d.as_of = a.date
inner join mart.day as s on cast(w.waiting_since as date) = s.date
where d.is_counted
    and case :kind when 'suspended' then d.state = 'suspended' else d.state = 'resolved' and d.status = 9 and d.returned_at is null end
    and a.working_day_number - s.working_day_number > cast(:days as integer)
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
