-- grain: one unit and one rule set.
-- The same period under every named definition, side by side: how far the share on time moves by the definition alone.
create function mart.definition_switch(date_from date, date_to date, known_at timestamptz default 'infinity')
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    rule_set text,
    resolved_timed bigint,
    resolved_in_time bigint,
    on_time_share numeric,
    pending bigint,
    pending_overdue bigint,
    moves numeric
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    -- Nothing is known of days after the horizon, and due dates that pass there are no news.
    counted_to date := least(definition_switch.date_to, mart.horizon(definition_switch.known_at));
begin
    if definition_switch.date_from is null or definition_switch.date_to is null
        or definition_switch.date_from > definition_switch.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            definition_switch.date_from, definition_switch.date_to using errcode = '22023';
    end if;
    return query
    with
    -- One pass over the flow for all rule sets: what is the same under several of them is one row.
    flow as materialized (
        select
            f.unit_key,
            f.rule_sets,
            f.date >= definition_switch.date_from as is_in_period,
            sum(f.received) as received,
            sum(f.resolved_early) as early,
            sum(f.resolved_on_time) as on_time,
            sum(f.resolved_late) as late,
            sum(f.resolved_untimed) as untimed,
            sum(f.became_overdue - f.overdue_cleared) as overdue,
            bool_or(c.is_online) as is_online
        from mart.daily_flow as f
        inner join core.dim_channel as c on f.channel = c.channel
        where f.date <= counted_to and f.known_from <= definition_switch.known_at
        group by f.unit_key, f.rule_sets, f.date >= definition_switch.date_from, c.is_online
    ),

    form as (
        select
            f.unit_key,
            r.rule_set,
            coalesce(sum(f.early) filter (where f.is_in_period), 0)::bigint as resolved_early,
            coalesce(sum(f.on_time) filter (where f.is_in_period), 0)::bigint as resolved_on_time,
            coalesce(sum(f.late) filter (where f.is_in_period), 0)::bigint as resolved_late,
            sum(f.received - f.early - f.on_time - f.late - f.untimed)::bigint as pending_total,
            sum(f.overdue)::bigint as pending_overdue
        from flow as f
        inner join core.rule_set as r on f.rule_sets & r.bit <> 0
        group by f.unit_key, r.rule_set
        -- as mart.form_ii06 has them
        having coalesce(sum(f.received) filter (where f.is_in_period and f.is_online), 0) <> 0
            or coalesce(sum(f.received) filter (where f.is_in_period and not f.is_online), 0) <> 0
            or coalesce(sum(f.received - f.early - f.on_time - f.late - f.untimed) filter (where not f.is_in_period), 0) <> 0
            or coalesce(sum(f.early) filter (where f.is_in_period), 0) <> 0
            or coalesce(sum(f.on_time) filter (where f.is_in_period), 0) <> 0
            or coalesce(sum(f.late) filter (where f.is_in_period), 0) <> 0
            or coalesce(sum(f.untimed) filter (where f.is_in_period), 0) <> 0
    ),

    -- A unit that has nothing to count under one of them still has a row for it.
    counted as (
        select
            u.unit_code,
            u.unit_name,
            u.valid_from,
            r.rule_set,
            r.is_stored,
            coalesce(f.resolved_early + f.resolved_on_time + f.resolved_late, 0) as resolved_timed,
            coalesce(f.resolved_early + f.resolved_on_time, 0) as resolved_in_time,
            (f.resolved_early + f.resolved_on_time)::numeric
            / nullif(f.resolved_early + f.resolved_on_time + f.resolved_late, 0) as share,
            coalesce(f.pending_total, 0) as pending,
            coalesce(f.pending_overdue, 0) as pending_overdue
        from (select distinct form.unit_key from form) as k
        inner join core.dim_unit as u on k.unit_key = u.unit_key
        cross join core.rule_set as r
        left join form as f on k.unit_key = f.unit_key and r.rule_set = f.rule_set
    )

    select
        c.unit_code,
        c.unit_name,
        c.valid_from,
        c.rule_set,
        c.resolved_timed,
        c.resolved_in_time,
        round(c.share, 6),
        c.pending,
        c.pending_overdue,
        round(100 * (c.share - max(c.share) filter (where c.rule_set = 'ii06') over (partition by c.unit_code, c.valid_from)), 2)
    from counted as c
    order by c.unit_code, c.valid_from, not c.is_stored, c.rule_set <> 'ii06', c.rule_set;
end
$$;

comment on function mart.definition_switch(date, date, timestamptz) is
'What each rule set makes of the same period, by unit: resolved_timed = resolved_in_time (early and on time) + late, on_time_share = resolved_in_time / resolved_timed (null when nothing is timed), and moves, how far that share is from the one under ii06, in percentage points.';
