-- grain: one named indicator and one unit; the sums of all units are theirs together.
-- Named: those of core.indicator, and the share on time under a rule set, on_time:ii06. An unknown name is an error.
create function mart.unit_measure(indicators text [], date_from date, date_to date)
returns table (
    indicator text,
    unit_code text,
    unit_name text,
    valid_from date,
    numerator numeric,
    denominator numeric,
    is_share boolean
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    known text [] := array(select i.code from core.indicator as i order by i.code)
        || array(select 'on_time:' || r.rule_set from core.rule_set as r order by r.rule_set);
    asked text [] := array(select distinct a from unnest(unit_measure.indicators) as a);
    stranger text;
begin
    select coalesce(a, 'null') into stranger from unnest(asked) as a where a is null or a <> all(known) limit 1;
    if found or asked = '{}' then
        raise exception 'Chỉ tiêu “%” không có; hiện có: %.', coalesce(stranger, ''), array_to_string(known, ', ')
            using errcode = '22023';
    end if;
    return query
    with
    on_time as (
        select
            'on_time:' || r.rule_set as indicator,
            f.unit_code, f.unit_name, f.valid_from,
            f.resolved_early + f.resolved_on_time as in_time,
            f.resolved_early + f.resolved_on_time + f.resolved_late as timed
        from core.rule_set as r
        cross join lateral mart.form_ii06(unit_measure.date_from, unit_measure.date_to, r.rule_set) as f
        where 'on_time:' || r.rule_set = any(asked)
    )

    select q.indicator, q.unit_code, q.unit_name, q.valid_from, q.numerator, q.denominator, i.is_share
    from mart.indicator_qd766(unit_measure.date_from, unit_measure.date_to) as q
    inner join core.indicator as i on q.indicator = i.code
    where q.indicator = any(asked) and exists (select 1 from core.indicator as k where k.code = any(asked))
    union all
    select o.indicator, o.unit_code, o.unit_name, o.valid_from, o.in_time::numeric, o.timed::numeric, true
    from on_time as o;
end
$$;

comment on function mart.unit_measure(text [], date, date) is
'Numerator and denominator of named indicators by unit: those of core.indicator and on_time: with a rule set (share resolved early and on time).';
