-- grain: one working day, unit and sector: newly overdue dossiers, and dossiers that fell due (ii06).
-- Parameters: first_on, last_on (working days).
-- What happens on a day off is counted with the next working day. A dossier that is not finished on its due date is overdue
-- from the day after it, so what falls due on a day is counted with the working day after it.
with told_day as (
    select d.date, w.date as told_on
    from core.dim_date as d
    inner join core.dim_date as w
        on w.is_working_day
        and w.working_day_number = d.working_day_number + case when d.is_working_day then 0 else 1 end
    where w.date between cast(:first_on as date) and cast(:last_on as date)
),

counted as (
    select t.told_on, f.unit_key, f.sector_code, f.became_overdue as newly, 0 as due
    from mart.daily_flow as f
    inner join told_day as t on f.date = t.date
    where f.became_overdue <> 0 and f.rule_sets & (select core.rule_set_bit('ii06')) <> 0
    union all
    select t.told_on, f.unit_key, f.sector_code, 0, f.fell_due
    from mart.daily_due as f
    inner join told_day as t on f.date = t.date
)

select
    c.told_on,
    u.unit_code,
    u.valid_from as unit_valid_from,
    c.sector_code as field_code,
    c.newly,
    c.due
from (
    -- What was known to become overdue for a while, and is not any more, adds up to nothing.
    select told_on, unit_key, sector_code, sum(newly) as newly, sum(due) as due
    from counted
    group by told_on, unit_key, sector_code
    having sum(newly) > 0 or sum(due) > 0
) as c
inner join core.dim_unit as u on c.unit_key = u.unit_key;
