-- grain: one source and export day of the period on which its feed is not complete, now or by a past moment.
-- Parameters: date_from, date_to, known_at. Of a past moment only what had not come by then is told: whether a day was
-- thin depends on files that came since.
with
arrived as (
    select f.source, c.export_on as day
    from landing.export_file as f
    inner join ops.file_content as c on f.file_id = c.file_id
    where f.status = 'loaded' and f.kind = 'dossiers' and f.received_at <= cast(:known_at as timestamptz)
        and cast(:known_at as timestamptz) < 'infinity'
    group by f.source, c.export_on
),

promised as (
    select r.source, d.date as day
    from ops.feed_rule as r
    left join (select source, min(day) as first_on from arrived group by source) as a on r.source = a.source
    inner join core.dim_date as d
        on d.date between coalesce(r.expected_from, a.first_on)
        and least(r.expected_until, (select max(arrived.day) from arrived))
    where r.every = 'day'
        or (r.every = 'working_day' and d.is_working_day)
        or (r.every = 'weekday' and d.iso_weekday = any(r.weekdays))
)

select p.source, p.day, 'missing' as status
from promised as p
where p.day between :date_from and :date_to
    and not exists (select 1 from arrived as a where a.source = p.source and a.day = p.day)
union all
select f.source, f.day, f.status
from mart.incomplete_feed(:date_from, :date_to) as f
where cast(:known_at as timestamptz) = 'infinity'
order by source, day;
