-- grain: one unit.
-- The best first: the highest share, for 2.2 the fewest days. Equal ones share a rank; units of which nothing can be
-- measured come last, without one.
create function mart.unit_ranking(indicator text, date_from date, date_to date)
returns table (
    rank bigint,
    unit_code text,
    unit_name text,
    valid_from date,
    level text,
    value numeric,
    numerator numeric,
    denominator numeric
)
language sql stable parallel safe
as $$
select
    case
        when v.value is not null
            then rank() over (order by case when v.is_share then -v.value else v.value end nulls last)
    end as rank,
    v.unit_code,
    v.unit_name,
    v.valid_from,
    u.level,
    round(v.value, 6),
    v.numerator,
    v.denominator
from (
    select m.*, m.numerator / nullif(m.denominator, 0) as value
    from mart.unit_measure(array[unit_ranking.indicator], unit_ranking.date_from, unit_ranking.date_to) as m
) as v
inner join core.dim_unit as u on v.unit_code = u.unit_code and v.valid_from = u.valid_from
order by 1 nulls last, v.unit_code, v.valid_from
$$;

comment on function mart.unit_ranking(text, date, date) is
'Units ordered by a named indicator (core.indicator, or on_time: and a rule set), the best first; ties share a rank, units with nothing to measure come last with none. An unknown indicator is an error.';
