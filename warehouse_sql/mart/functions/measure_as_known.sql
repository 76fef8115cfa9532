-- grain: one named indicator and one unit, as known at a moment.
-- Named: those of mart.unit_measure, and counts and shares by which remedies of findings are measured. A count has no
-- denominator. An unknown name is an error.
create function mart.measure_as_known(indicators text [], date_from date, date_to date, known_at timestamptz)
returns table (
    indicator text,
    unit_code text,
    unit_valid_from date,
    numerator numeric,
    denominator numeric
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    direct constant text [] := array['resolved_late_direct', 'overdue_open_direct'];
    counts constant text [] := array['resolved_late', 'overdue_open', 'online_share', 'prohibited_papers', 'prohibited_share']
        || direct;
    known text [] := array(select i.code from core.indicator as i order by i.code)
        || array(select 'on_time:' || r.rule_set from core.rule_set as r order by r.rule_set)
        || counts;
    -- Looked up once: in a condition they would be looked up for every dossier.
    counted_to date := least(measure_as_known.date_to, mart.horizon(measure_as_known.known_at));
    bit smallint := core.rule_set_bit('ii06');
    stranger text;
begin
    select coalesce(a, 'null') into stranger
    from unnest(measure_as_known.indicators) as a
    where a is null or a <> all(known)
    limit 1;
    if found then
        raise exception 'Chỉ tiêu “%” không có; hiện có: %.', stranger, array_to_string(known, ', ') using errcode = '22023';
    end if;
    if measure_as_known.indicators && array(select i.code from core.indicator as i) then
        return query
        select q.indicator, q.unit_code, q.valid_from, q.numerator, q.denominator
        from mart.indicator_qd766(measure_as_known.date_from, measure_as_known.date_to, measure_as_known.known_at) as q
        where q.indicator = any(measure_as_known.indicators);
    end if;
    return query
    with form as materialized (
        select r.rule_set, f.*
        from core.rule_set as r
        cross join lateral mart.form_ii06(
            measure_as_known.date_from, measure_as_known.date_to, r.rule_set, measure_as_known.known_at
        ) as f
        where 'on_time:' || r.rule_set = any(measure_as_known.indicators)
            or (r.rule_set = 'ii06' and measure_as_known.indicators && array['resolved_late', 'overdue_open', 'online_share'])
    )

    select m.indicator, f.unit_code, f.valid_from, m.numerator::numeric, m.denominator::numeric
    from form as f
    cross join lateral (
        values
        (
            'on_time:' || f.rule_set,
            f.resolved_early + f.resolved_on_time,
            f.resolved_early + f.resolved_on_time + f.resolved_late
        ),
        (case f.rule_set when 'ii06' then 'resolved_late' end, f.resolved_late, null),
        (case f.rule_set when 'ii06' then 'overdue_open' end, f.pending_overdue, null),
        (
            case f.rule_set when 'ii06' then 'online_share' end,
            f.received_online,
            f.received_online + f.received_direct_postal
        )
    ) as m (indicator, numerator, denominator)
    where m.indicator = any(measure_as_known.indicators);
    if measure_as_known.indicators && direct then
        return query
        select m.indicator, u.unit_code, u.valid_from, m.numerator::numeric, null::numeric
        from (
            select
                f.unit_key,
                coalesce(sum(f.resolved_late) filter (where f.date >= measure_as_known.date_from), 0) as resolved_late,
                sum(f.became_overdue - f.overdue_cleared) as overdue_open
            from mart.daily_flow as f
            where f.channel = 1
                and f.rule_sets & bit <> 0
                and f.date <= counted_to
                and f.known_from <= measure_as_known.known_at
            group by f.unit_key
        ) as f
        inner join core.dim_unit as u on f.unit_key = u.unit_key
        cross join lateral (
            values ('resolved_late_direct', f.resolved_late), ('overdue_open_direct', f.overdue_open)
        ) as m (indicator, numerator)
        where m.indicator = any(measure_as_known.indicators);
    end if;
    if measure_as_known.indicators && array['prohibited_papers', 'prohibited_share'] then
        return query
        with dossier as (
            select d.unit_code, d.unit_valid_from, d.received_at, d.has_household_book or d.has_identity_copy as has_either
            from core.dossier_as_known(measure_as_known.known_at) as d
            where d.is_counted
        ),

        counted as (
            select d.unit_code, d.unit_valid_from, count(*) filter (where d.has_either) as with_either, count(*) as received
            from dossier as d
            where d.received_at >= measure_as_known.date_from
                and d.received_at < counted_to + 1
            group by d.unit_code, d.unit_valid_from
        )

        select m.indicator, c.unit_code, c.unit_valid_from, m.numerator::numeric, m.denominator::numeric
        from counted as c
        cross join lateral (
            values ('prohibited_papers', c.with_either, null), ('prohibited_share', c.with_either, c.received)
        ) as m (indicator, numerator, denominator)
        where m.indicator = any(measure_as_known.indicators);
    end if;
end
$$;

comment on function mart.measure_as_known(text [], date, date, timestamptz) is
'Numerator and denominator of named indicators by unit, as known at a moment: those of core.indicator, on_time: with a rule set, and resolved_late, overdue_open (all channels; with _direct: received directly), prohibited_papers (counts, no denominator), online_share, prohibited_share (of dossiers received).';
