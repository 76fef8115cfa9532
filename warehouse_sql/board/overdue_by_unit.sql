-- grain: one unit that has or had something overdue: at the end of a day, of the day before, and a week before.
-- Parameters: rule_set, unit_keys, day.
select
    s.unit_code,
    s.unit_valid_from,
    s.unit_name,
    cast(coalesce(sum(s.overdue_open) filter (where s.date = cast(:day as date)), 0) as bigint) as overdue_open,
    cast(coalesce(sum(s.overdue_open * case when s.date = cast(:day as date) then 1 else -1 end)
        filter (where s.date >= cast(:day as date) - 1), 0) as bigint) as since_yesterday,
    cast(coalesce(sum(s.overdue_open * case when s.date = cast(:day as date) then 1 else -1 end)
        filter (where s.date in (cast(:day as date), cast(:day as date) - 7)), 0) as bigint) as since_week,
    cast(coalesce(sum(s.newly_overdue) filter (where s.date > cast(:day as date) - 7), 0) as bigint) as newly_overdue,
    cast(coalesce(sum(s.overdue_cleared) filter (where s.date > cast(:day as date) - 7), 0) as bigint) as overdue_cleared,
    cast(coalesce(sum(s.pending) filter (where s.date = cast(:day as date)), 0) as bigint) as pending
from mart.overdue_stock as s
where s.rule_set = :rule_set and s.date between cast(:day as date) - 7 and cast(:day as date)
    and (
        cast(:unit_keys as bigint []) is null
        or s.unit_key = any(cast(:unit_keys as bigint []))
        -- the table's own order begins with the code
        and s.unit_code = any(array(select u.unit_code from mart.unit as u where u.unit_key = any(cast(:unit_keys as bigint []))))
    )
group by s.unit_code, s.unit_valid_from, s.unit_name
having max(s.overdue_open) > 0 or sum(s.newly_overdue) > 0
