-- grain: one unit, sector and stage: how long dossiers lay in it, as a histogram; stages (core.fct_stage) begun in the
-- period. One that lasts still at the end of the period, or whose dossier vanished from its source's lists, is
-- censored: it took at least so long. quarter_hours: working time, rounded up to quarters of an hour; ended_counts and
-- open_counts: how many lasted so long and ended, and how many are open since then. Never a person.
-- Parameters: date_from, date_to, covered. Needs report_unit, report_sector, report_procedure, report_clock, report_stage.
-- Both of one row: materialized, so that no plan looks for them once for each stage.
with cutoff as materialized (
    select
        cast(c.date as timestamp) as at,
        c.worked_before as worked
    from report_clock as c
    where c.date = least(cast(:date_to as date), cast(:covered as date)) + 1
),

last_sector as materialized (
    select max(f.sector_no) as sector_no from report_sector as f
),

timed as (
    select
        u.unit_no, coalesce(p.sector_no, n.sector_no) as sector_no, s.status, s.department,
        s.is_ended and s.until_at < c.at as is_ended,
        (greatest(0, case when s.until_at < c.at then s.working_minutes else c.worked - s.began_working_minute end) + 14) / 15 as quarter_hours
    from report_stage as s
    inner join report_unit as u on s.unit_key = u.unit_key
    left join report_procedure as p on s.procedure_key = p.procedure_key
    cross join cutoff as c
    cross join last_sector as n
    where s.began_at >= :date_from and s.began_at < c.at
),

counted as (
    select
        t.unit_no, t.sector_no, t.status, t.department, t.quarter_hours,
        count(*) filter (where t.is_ended) as ended_count,
        count(*) filter (where not t.is_ended) as open_count
    from timed as t
    group by t.unit_no, t.sector_no, t.status, t.department, t.quarter_hours
)

select
    c.unit_no,
    c.sector_no,
    c.status,
    n.status_name_vi,
    n.status_name_en,
    c.department,
    array_agg(c.quarter_hours order by c.quarter_hours) as quarter_hours,
    array_agg(c.ended_count order by c.quarter_hours) as ended_counts,
    array_agg(c.open_count order by c.quarter_hours) as open_counts
from counted as c
inner join core.dim_status as n on c.status = n.status
group by c.unit_no, c.sector_no, c.status, n.status_name_vi, n.status_name_en, c.department
order by c.unit_no, c.sector_no, c.status, c.department;
