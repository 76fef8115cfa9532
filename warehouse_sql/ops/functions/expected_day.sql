-- grain: one export day on which a source had to send, by what it promises and what had come by a moment.
create function ops.expected_day(known_at timestamptz default 'infinity', through date default null)
returns table (source text, day date)
language sql stable parallel safe
as $$
with
came as (
    select
        f.source, c.export_on as day, bool_or(f.kind = 'dossiers') as has_dossiers
    from landing.export_file as f
    inner join ops.file_content as c on f.file_id = c.file_id
    where f.status = 'loaded' and f.received_at <= expected_day.known_at
    group by f.source, c.export_on
),

bounds as (
    select
        r.source, r.every, r.weekdays, coalesce(r.expected_from, s.first_on) as first_on,
        least(r.expected_until, coalesce(expected_day.through, (select landing.horizon(expected_day.known_at)))) as last_on
    from ops.feed_rule as r
    left join (
        select source, min(day) as first_on
        from came
        group by source
    ) as s on r.source = s.source
),

-- the first list of each source that can stand in for another
begun as (
    select s.source, s.portal, min(c.day) as first_on
    from came as c
    inner join core.dim_source as s on c.source = s.source
    where c.has_dossiers
    group by s.source, s.portal
),

-- one export day of a source that keeps to its usual rhythm
sent as (
    select
        c.source, c.day, d.working_day_number,
        d.working_day_number - lag(d.working_day_number) over (partition by c.source order by c.day) as gap,
        coalesce(
            lead(c.day) over (partition by c.source order by c.day),
            -- it stopped for good if another system of the same portal began after it
            (
                select min(o.first_on)
                from begun as b
                inner join begun as o on b.portal = o.portal
                where b.source = c.source and o.first_on > c.day
            )
        ) as next_day
    from came as c
    inner join ops.feed_rule as r on c.source = r.source
    inner join core.dim_date as d on c.day = d.date
    where r.every = 'usual' and c.has_dossiers
),

-- and until when the next one has to come
rhythm as (
    select s.source, s.day, s.working_day_number, s.next_day, u.usual_gap
    from sent as s
    left join lateral (
        select greatest(percentile_disc(0.8) within group (order by p.gap), 1) as usual_gap
        from (
            select g.gap
            from sent as g
            where g.source = s.source and g.day <= s.day and g.gap is not null
            order by g.day desc
            limit 20
        ) as p
        -- fewer say too little of what is usual
        having count(*) >= 6
    ) as u on true
)

select b.source, d.date
from bounds as b
inner join core.dim_date as d on d.date between b.first_on and b.last_on
where b.every = 'day'
    or (b.every = 'working_day' and d.is_working_day)
    or (b.every = 'weekday' and d.iso_weekday = any(b.weekdays))
union
select b.source, d.date
from bounds as b
inner join rhythm as h on b.source = h.source
inner join core.dim_date as d
    on d.date between b.first_on and b.last_on and d.date >= h.day and d.date < coalesce(h.next_day, 'infinity')
where d.date = h.day
    or (d.is_working_day and d.working_day_number - h.working_day_number >= h.usual_gap)
$$;

comment on function ops.expected_day(timestamptz, date) is
'Export days on which sources had to send, by ops.feed_rule: grain one source and day, from its first export (or expected_from) to the last export of any source (or through), as far as files had arrived by known_at. Under usual: the days it sent, and working days after as many working days of silence as eight in ten of its last 20 gaps lasted, until a source of the same portal that had sent nothing before takes its place.';
