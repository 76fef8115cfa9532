-- grain: one row: how many dossiers wait for more than some working days, as board/waiting.sql has them.
-- Parameters: unit_keys, suspended_days, hand_over_days.
select
    count(*) filter (
        where d.state = 'suspended' and a.working_day_number - s.working_day_number > cast(:suspended_days as integer)
    ) as suspended,
    count(*) filter (
        where d.state = 'resolved' and a.working_day_number - s.working_day_number > cast(:hand_over_days as integer)
    ) as hand_over
from mart.dossier as d
cross join lateral (
    select case d.state when 'suspended' then d.suspended_since else d.waiting_for_hand_over_since end as waiting_since
) as w
inner join mart.day as a on d.as_of = a.date
inner join mart.day as s on cast(w.waiting_since as date) = s.date
where d.is_counted
    and (d.state = 'suspended' or (d.state = 'resolved' and d.status = 9 and d.returned_at is null))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
