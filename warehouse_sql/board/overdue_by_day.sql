-- grain: one day of the period, the first one first.
-- Parameters: rule_set, unit_keys, date_from, date_to.
select
    s.date,
    cast(sum(s.overdue_open) as bigint) as overdue_open,
    cast(sum(s.newly_overdue) as bigint) as newly_overdue,
    cast(sum(s.overdue_cleared) as bigint) as overdue_cleared,
    cast(sum(s.pending) as bigint) as pending
from mart.overdue_stock as s
where s.rule_set = :rule_set and s.date between :date_from and :date_to
    and (
        cast(:unit_keys as bigint []) is null
        or s.unit_key = any(cast(:unit_keys as bigint []))
        -- the table's own order begins with the code
        and s.unit_code = any(array(select u.unit_code from mart.unit as u where u.unit_key = any(cast(:unit_keys as bigint []))))
    )
group by s.date
order by s.date
