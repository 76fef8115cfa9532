-- grain: one part (a unit, sector, procedure or channel) with something to count in the period.
-- The figures of form II.06 (mart.form_ii06), taken apart another way: their sums are those of the form.
create function mart.form_by_part(
    part text,
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity',
    unit_keys bigint [] default null,
    sector_code text default null
)
returns table (
    part_key text,
    received_total bigint,
    received_online bigint,
    received_direct_postal bigint,
    carried_over bigint,
    resolved_total bigint,
    resolved_early bigint,
    resolved_on_time bigint,
    resolved_late bigint,
    pending_total bigint,
    pending_in_time bigint,
    pending_overdue bigint,
    on_time_share numeric
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    bit smallint := core.rule_set_bit(form_by_part.rule_set);
    -- Nothing is known of days after the horizon, and due dates that pass there are no news.
    counted_to date := least(form_by_part.date_to, mart.horizon(form_by_part.known_at));
begin
    if form_by_part.part is null or form_by_part.part not in ('unit', 'sector', 'channel', 'procedure') then
        raise exception 'part “%” không có; hãy dùng unit, sector, channel hoặc procedure.', form_by_part.part
            using errcode = '22023';
    end if;
    if form_by_part.date_from is null or form_by_part.date_to is null or form_by_part.date_from > form_by_part.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            form_by_part.date_from, form_by_part.date_to using errcode = '22023';
    end if;
    return query
    with
    -- Of units, sectors and channels the flow is at hand; of procedures it has to be made from the events.
    flow as (
        select
            case form_by_part.part when 'unit' then f.unit_key::text when 'sector' then f.sector_code else f.channel::text end as part_key,
            f.channel, f.date >= form_by_part.date_from as is_in_period,
            f.received, f.resolved_early as early, f.resolved_on_time as on_time, f.resolved_late as late, f.resolved_untimed as untimed,
            f.became_overdue - f.overdue_cleared as overdue
        from mart.daily_flow as f
        where form_by_part.part <> 'procedure'
            and f.rule_sets & bit <> 0 and f.date <= counted_to and f.known_from <= form_by_part.known_at
            and (form_by_part.unit_keys is null or f.unit_key = any(form_by_part.unit_keys))
            and (form_by_part.sector_code is null or f.sector_code = form_by_part.sector_code)
        union all
        select
            p.procedure_code, e.channel, e.event_on >= form_by_part.date_from,
            case e.kind when 'received' then e.quantity else 0 end,
            case e.kind when 'resolved_early' then e.quantity else 0 end,
            case e.kind when 'resolved_on_time' then e.quantity else 0 end,
            case e.kind when 'resolved_late' then e.quantity else 0 end,
            case e.kind when 'resolved_untimed' then e.quantity else 0 end,
            case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end
        from core.event_as_known(form_by_part.known_at) as e
        inner join core.dim_procedure as p on e.procedure_key = p.procedure_key
        where form_by_part.part = 'procedure'
            and e.rule_sets & bit <> 0 and e.event_on <= counted_to
            and (form_by_part.unit_keys is null or e.unit_key = any(form_by_part.unit_keys))
            and (form_by_part.sector_code is null or e.sector_code = form_by_part.sector_code)
    ),

    -- Few rows, of which the figures are then picked.
    summed as (
        select
            f.part_key, f.channel, f.is_in_period,
            sum(f.received) as received, sum(f.early) as early, sum(f.on_time) as on_time, sum(f.late) as late, sum(f.untimed) as untimed,
            sum(f.overdue) as overdue
        from flow as f
        group by f.part_key, f.channel, f.is_in_period
    ),

    counted as (
        select
            s.part_key,
            coalesce(sum(s.received) filter (where s.is_in_period and c.is_online), 0)::bigint as online,
            coalesce(sum(s.received) filter (where s.is_in_period and not c.is_online), 0)::bigint as direct_postal,
            coalesce(sum(s.received - s.early - s.on_time - s.late - s.untimed) filter (where not s.is_in_period), 0)::bigint as carried,
            coalesce(sum(s.early) filter (where s.is_in_period), 0)::bigint as early,
            coalesce(sum(s.on_time) filter (where s.is_in_period), 0)::bigint as on_time,
            coalesce(sum(s.late) filter (where s.is_in_period), 0)::bigint as late,
            coalesce(sum(s.untimed) filter (where s.is_in_period), 0)::bigint as untimed,
            sum(s.received - s.early - s.on_time - s.late - s.untimed)::bigint as pending,
            sum(s.overdue)::bigint as overdue
        from summed as s
        inner join core.dim_channel as c on s.channel = c.channel
        group by s.part_key
    )

    select
        v.part_key,
        v.online + v.direct_postal + v.carried,
        v.online,
        v.direct_postal,
        v.carried,
        v.early + v.on_time + v.late + v.untimed,
        v.early,
        v.on_time,
        v.late,
        v.pending,
        v.pending - v.overdue,
        v.overdue,
        (v.early + v.on_time)::numeric / nullif(v.early + v.on_time + v.late, 0)
    from counted as v
    where v.online <> 0 or v.direct_postal <> 0 or v.carried <> 0 or v.early <> 0 or v.on_time <> 0 or v.late <> 0
        or v.untimed <> 0
    order by v.part_key;
end
$$;

comment on function mart.form_by_part(text, date, date, text, timestamptz, bigint [], text) is
'The figures of form II.06 (mart.form_ii06, whose arguments it has) by part: unit, sector, channel or procedure. part_key: the key of the unit, or the code of the sector, channel or procedure. unit_keys and sector_code take some of the dossiers alone. Sums over the parts are the figures of the form. on_time_share: early and on time, of what is timed.';
