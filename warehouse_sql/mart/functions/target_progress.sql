-- grain: one target of the year.
-- Reached so far: from the start of the reporting year to a day of it. On course: what is reached is the target or more.
create function mart.target_progress(year integer, date_to date)
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    indicator text,
    target numeric,
    reached numeric,
    gap numeric,
    is_on_course boolean,
    numerator numeric,
    denominator numeric
)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
declare
    span record;
    asked text [] := array(select distinct t.indicator from mart.target as t where t.year = target_progress.year);
begin
    select p.date_from, p.date_to into span
    from mart.period as p
    where p.calendar = 'reporting' and p.kind = 'year' and p.year = target_progress.year;
    if not found or target_progress.date_to is null or not target_progress.date_to between span.date_from and span.date_to then
        raise exception 'Ngày % không thuộc năm báo cáo % (% đến %).', target_progress.date_to, target_progress.year,
            span.date_from, span.date_to using errcode = '22023';
    end if;
    if asked = '{}' then
        return;
    end if;
    return query
    with
    unit_measured as materialized (
        select m.indicator, m.unit_code, m.unit_name, m.valid_from, m.numerator, m.denominator
        from mart.unit_measure(asked, span.date_from, target_progress.date_to) as m
    ),

    measured as (
        select u.indicator, u.unit_code, u.unit_name, u.valid_from, u.numerator, u.denominator
        from unit_measured as u
        union all
        select u.indicator, 'all', 'Tất cả đơn vị', date '1900-01-01', sum(u.numerator), sum(u.denominator)
        from unit_measured as u
        group by u.indicator
    )

    select
        t.unit_code,
        coalesce(m.unit_name, u.unit_name, case t.unit_code when 'all' then 'Tất cả đơn vị' end),
        t.unit_valid_from,
        t.indicator,
        t.target,
        round(r.reached, 6),
        round(r.reached - t.target, 6),
        r.reached >= t.target,
        m.numerator,
        m.denominator
    from mart.target as t
    left join measured as m
        on t.indicator = m.indicator and t.unit_code = m.unit_code and t.unit_valid_from = m.valid_from
    left join core.dim_unit as u on t.unit_code = u.unit_code and t.unit_valid_from = u.valid_from
    cross join lateral (select m.numerator / nullif(m.denominator, 0) as reached) as r
    where t.year = target_progress.year
    order by t.unit_code = 'all', t.unit_code, t.unit_valid_from, t.indicator;
end
$$;

comment on function mart.target_progress(integer, date) is
'Targets of a reporting year (mart.target) next to what was reached from its start to a day: gap = reached - target, is_on_course when reached is the target or more; null where nothing could be measured.';
