-- grain: one status and office of stages that began in the period; hours of office time.
-- Parameters: date_from, date_to, known_at, unit_keys.
select
    s.status,
    min(n.status_name_vi) as status_name_vi,
    min(n.status_name_en) as status_name_en,
    s.department,
    count(*) as stages,
    count(*) filter (where not s.is_ended) as still_open,
    cast(percentile_cont(0.5) within group (order by s.working_minutes) / 60.0 as numeric(12, 1)) as median_hours,
    cast(percentile_cont(0.9) within group (order by s.working_minutes) / 60.0 as numeric(12, 1)) as p90_hours
from mart.stage(:date_from, :date_to, cast(:known_at as timestamptz), cast(:unit_keys as bigint [])) as s
inner join mart.status as n on s.status = n.status
group by s.status, s.department
