-- What has become of runs, quarantine and overdue dossiers over time, in this order. Parameters: since (a day).

-- grain: one run that has ended by itself.
select
    r.started_at,
    extract(epoch from r.ended_at - r.started_at) as seconds,
    r.rows_read,
    r.peak_memory_bytes / 1048576.0 as peak_memory_mib,
    r.status
from ops.run as r
where r.ended_at is not null and r.started_at >= cast(:since as date)
order by r.run_id;

-- grain: one step of such a run.
select
    r.started_at,
    s.step,
    s.seconds
from ops.run_step as s
inner join ops.run as r on s.run_id = r.run_id
where r.started_at >= cast(:since as date)
order by s.run_id, s.started_at, s.step;

-- grain: one day on which rows went into quarantine or left it: rows of a source that are in it at its end.
with changed as (
    select source, cast(first_seen_at as date) as day, 1 as quantity
    from landing.quarantine
    union all
    select source, cast(resolved_at as date) as day, -1 as quantity
    from landing.quarantine
    where resolved_at is not null
),

daily as (
    select source, day, sum(quantity) as quantity
    from changed
    group by source, day
),

stock as (
    select source, day, sum(quantity) over (partition by source order by day) as open_rows
    from daily
)

select day, source, open_rows
from stock
where day >= cast(:since as date)
order by day, source;

-- grain: one day and rule set: open and overdue dossiers at its end, all units together.
select
    date as day,
    rule_set,
    sum(overdue_open) as overdue
from mart.overdue_stock
-- where exports ended long ago, their last year
where date >= least(cast(:since as date), (select landing.horizon()) - 365)
group by date, rule_set
order by date, rule_set;
