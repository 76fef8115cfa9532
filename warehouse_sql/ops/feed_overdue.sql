-- grain: one source whose last expected export days have no readable list of dossiers though their time is past.
-- Parameters: now (local time). Looks back thirty days.
with seen as (
    select f.source, max(c.export_on) as last_on
    from ops.file_content as c
    inner join landing.export_file as f on c.file_id = f.file_id
    where f.status = 'loaded' and f.kind = 'dossiers'
    group by f.source
),

expected as (
    select d.source, s.last_on, d.day
    from ops.expected_day('infinity', cast(:now as date)) as d
    inner join ops.feed_rule as r on d.source = r.source
    inner join seen as s on d.source = s.source
    -- without a time of its own, by the end of the next morning
    where d.day >= cast(:now as date) - 30
        and d.day + coalesce(r.due_by, time '12:00')
        + case when r.is_due_next_day or r.due_by is null then interval '1 day' else interval '0' end
        < cast(:now as timestamp)
)

select
    e.source,
    max(e.last_on) as last_on,
    min(e.day) as first_missing,
    count(*) as missing_days
from expected as e
where e.day > e.last_on
group by e.source
order by e.source;
