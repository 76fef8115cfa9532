-- Stages of the dossiers in derived_dossier, a temporary table with the columns of core.dossier_as_known: derived_stage,
-- with the columns of core.fct_stage. A stage is the status that a step set and the office that set it; it lasts from
-- this step to the next one, or to the end of processing. A made-up national "finished" (9) is no stage.
-- Parameters: codes (null: all), known_at.
create temporary table derived_stage on commit drop as
with told as (
    select
        p.dossier_code, p.processed_at, p.status, p.department,
        lead(p.processed_at) over w as next_at,
        row_number() over w as place
    from history.process_step as p
    inner join core.dim_status as s on p.status = s.status
    where p.status in (1, 2, 4, 5, 6, 8) and p.processed_at is not null
        and (cast(:codes as text []) is null or p.dossier_code = any(cast(:codes as text [])))
        and p.known_from <= cast(:known_at as timestamptz)
    window w as (
        partition by p.dossier_code
        order by p.processed_at, s.life_order, p.department, p.source, p.position, p.started_at, p.due_at
    )
),

stage as (
    select
        d.dossier_code, d.unit_code, d.unit_valid_from, d.procedure_code,
        cast(d.received_at as date) as received_on,
        row_number() over (partition by d.dossier_code order by t.place) as stage_number,
        t.status, t.department,
        t.processed_at as began_at,
        least(t.next_at, d.ended_at, d.vanished_at) as until_at,
        coalesce(least(t.next_at, d.ended_at) < coalesce(d.vanished_at, 'infinity'), false) as is_ended
    from told as t
    inner join derived_dossier as d on t.dossier_code = d.dossier_code and d.is_counted
    -- of what is told of one instant, by two sources or by one, the later state stands; after the end there is no stage
    where coalesce(t.next_at > t.processed_at, true) and coalesce(d.ended_at > t.processed_at, true)
),

-- materialized: a sum over all minutes, made once
minute as materialized (
    select m.minute, m.worked from core.work_minute as m
)

select
    s.*,
    case when s.until_at is not null then greatest(0, u.worked - b.worked) end as working_minutes,
    b.worked as began_working_minute
from stage as s
inner join core.work_clock as c on cast(s.began_at as date) = c.date
inner join minute as m on cast(date_trunc('minute', s.began_at) as time) = m.minute
cross join lateral (select c.worked_before + case when c.is_working_day then m.worked else 0 end as worked) as b
left join core.work_clock as d on cast(s.until_at as date) = d.date
left join minute as n on cast(date_trunc('minute', s.until_at) as time) = n.minute
cross join lateral (select d.worked_before + case when d.is_working_day then n.worked else 0 end as worked) as u
-- a day that no calendar knows has no office hours to be counted by
where s.until_at is null or d.date is not null;
