-- grain: one row for the unit and day asked for, none for a unit that no list has on that day.
create function mart.explain_fall(unit text, day date)
returns table (
    unit_code text, unit_name text, date date, received integer, usual double precision, share double precision,
    feeds text [], verdict text, verdict_vi text
)
language sql stable parallel safe
as $$
with
asked as (
    select u.unit_key, u.unit_code, u.unit_name, u.valid_from, d.is_working_day, r.bit
    from core.dim_unit as u
    inner join core.dim_date as d on d.date = explain_fall.day
    inner join core.rule_set as r on r.rule_set = 'ii06'
    where u.unit_code = explain_fall.unit and u.valid_from <= explain_fall.day and explain_fall.day < u.valid_to
),

-- The day itself and the same weekday of eight weeks before, worked or not worked alike, since the unit's first dossier.
compared as (
    select d.date, coalesce(sum(m.received), 0) as received
    from asked as a
    inner join core.dim_date as d
        on d.date = any(array(select explain_fall.day - 7 * w.back from generate_series(0, 8) as w (back)))
        and d.is_working_day = a.is_working_day
    left join mart.daily_flow as m
        on m.unit_key = a.unit_key and m.rule_sets & a.bit <> 0 and m.date = d.date
    where d.date >= (
        select min(f.date)
        from mart.daily_flow as f
        where f.unit_key = a.unit_key and f.rule_sets & a.bit <> 0
    )
    group by d.date
),

usual as (
    select percentile_cont(0.5) within group (order by c.received) as received
    from compared as c
    where c.date < explain_fall.day
    having count(*) >= 4
),

feed as (
    select
        array_agg(format('%s: %s', f.source, f.reason_vi) order by f.source) as feeds,
        bool_or(f.status in ('missing', 'failed')) as has_gap,
        bool_or(f.status = 'thin') as is_thin
    from ops.feed_day as f
    where f.day = explain_fall.day
),

verdict as (
    select
        case
            when f.has_gap then 'missing_file'
            when f.is_thin then 'thin_file'
            when f.feeds is null then 'no_feed'
            when u.received is null or u.received = 0 then 'not_comparable'
            when coalesce(c.received, 0) < 0.5 * u.received then 'real_fall'
            else 'no_fall'
        end as verdict,
        coalesce(c.received, 0)::integer as received,
        u.received as usual,
        coalesce(c.received, 0) / nullif(u.received, 0) as share,
        coalesce(f.feeds, '{}') as feeds
    from feed as f
    left join usual as u on true
    left join compared as c on c.date = explain_fall.day
)

select
    a.unit_code, a.unit_name, explain_fall.day, v.received, v.usual, v.share, v.feeds, v.verdict,
    case v.verdict
        when 'missing_file' then 'thiếu tệp'
        when 'thin_file' then 'tệp bất thường'
        when 'no_feed' then 'ngày không có nguồn nào phải gửi tệp'
        when 'not_comparable' then 'mọi nguồn đủ; chưa đủ ngày cùng thứ để so'
        when 'real_fall' then 'giảm thật: mọi nguồn đủ'
        else 'không giảm: mọi nguồn đủ'
    end
from asked as a
cross join verdict as v
$$;

comment on function mart.explain_fall(text, date) is
'Whether a unit''s day is low because little came to the desk or because a file did: received that day, the median of the same weekday (8 weeks, at least 4 days), its share, what the feeds of the day were, and a verdict. A fall is less than half the usual.';
