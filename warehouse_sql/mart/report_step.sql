-- grain: one unit, field and stage: how long dossiers lay in it, as a histogram. A stage is the status that a step set
-- and the office that set it; it lasts from this step to the next one, or to the end of processing. One that lasts still
-- at the end of the period, or whose dossier vanished from its source's lists, is censored: it took at least so long.
-- Stages begun in the period. quarter_hours: working time, rounded up to quarters of an hour; ended_counts and
-- open_counts: how many lasted so long and ended, and how many are open since then. A made-up national "finished" (9) is
-- no stage. Never a person. Parameters: date_from, date_to, covered, known_at.
-- Needs report_dossier, report_clock, report_minute.
with told as (
    select
        p.dossier_code, p.processed_at, p.status, p.department,
        lead(p.processed_at) over (
            partition by p.dossier_code order by p.processed_at, s.life_order, p.department, p.source, p.position, p.started_at, p.due_at
        ) as next_at
    from history.process_step as p
    inner join core.dim_status as s on p.status = s.status
    where p.status in (1, 2, 4, 5, 6, 8)
        and p.known_from <= cast(:known_at as timestamptz)
        and p.processed_at >= :date_from
        and p.processed_at < least(cast(:date_to as date), cast(:covered as date)) + 1
),

stage as (
    select
        d.page, d.field, t.status, t.department,
        t.processed_at as began_at,
        least(t.next_at, d.ended_at) as ended_at,
        least(d.vanished_at, least(cast(:date_to as date), cast(:covered as date)) + 1) as seen_until
    from told as t
    inner join report_dossier as d on t.dossier_code = d.dossier_code and d.is_counted
    -- of what is told of one instant, by two sources or by one, the later state stands; after the end there is no stage
    where coalesce(t.next_at > t.processed_at, true) and coalesce(d.ended_at > t.processed_at, true)
),

timed as (
    select
        s.page, s.field, s.status, s.department,
        coalesce(s.ended_at < s.seen_until, false) as is_ended,
        (
            greatest(
                0,
                e.worked_before + case when e.is_working_day then em.worked else 0 end
                - b.worked_before - case when b.is_working_day then bm.worked else 0 end
            ) + 14
        ) / 15 as quarter_hours
    from stage as s
    cross join lateral (select least(s.ended_at, s.seen_until) as until_at) as u
    inner join report_clock as b on cast(s.began_at as date) = b.date
    inner join report_minute as bm on cast(date_trunc('minute', s.began_at) as time) = bm.minute
    inner join report_clock as e on cast(u.until_at as date) = e.date
    inner join report_minute as em on cast(date_trunc('minute', u.until_at) as time) = em.minute
),

counted as (
    select
        t.page, t.field, t.status, t.department, t.quarter_hours,
        count(*) filter (where t.is_ended) as ended_count,
        count(*) filter (where not t.is_ended) as open_count
    from timed as t
    group by t.page, t.field, t.status, t.department, t.quarter_hours
)

select
    c.page,
    c.field,
    c.status,
    n.status_name_vi,
    c.department,
    array_agg(c.quarter_hours order by c.quarter_hours) as quarter_hours,
    array_agg(c.ended_count order by c.quarter_hours) as ended_counts,
    array_agg(c.open_count order by c.quarter_hours) as open_counts
from counted as c
inner join core.dim_status as n on c.status = n.status
group by c.page, c.field, c.status, n.status_name_vi, c.department
order by c.page, c.field, c.status, c.department;
