-- grain: one unit with something to count in the period.
-- Form II.06 (columns 1 to 11 of the ministry's form), any period, any past moment of knowledge.
-- Source: Biểu II.06 (a, b, c)/VPCP/KSTT. What is early, on time, late and overdue, the rule set says.
create function mart.form_ii06(
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity',
    unit_view text default 'as_received'
)
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
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
    pending_overdue bigint
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    bit smallint := core.rule_set_bit(form_ii06.rule_set);
    -- Nothing is known of days after the horizon, and due dates that pass there are no news.
    counted_to date := least(form_ii06.date_to, landing.horizon(form_ii06.known_at));
begin
    if form_ii06.unit_view is null or form_ii06.unit_view not in ('as_received', 'current') then
        raise exception 'unit_view “%” không có; hãy dùng as_received hoặc current.', form_ii06.unit_view
            using errcode = '22023';
    end if;
    if form_ii06.date_from is null or form_ii06.date_to is null or form_ii06.date_from > form_ii06.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            form_ii06.date_from, form_ii06.date_to using errcode = '22023';
    end if;
    if form_ii06.unit_view = 'current' then
        return query
        select
            s.unit_code, s.unit_name || case when s.is_estimate then ' (ước tính)' else '' end, s.valid_from, s.received_total,
            s.received_online, s.received_direct_postal, s.carried_over, s.resolved_total, s.resolved_early, s.resolved_on_time,
            s.resolved_late, s.pending_total, s.pending_in_time, s.pending_overdue
        from mart.form_ii06_successor(form_ii06.date_from, form_ii06.date_to, form_ii06.rule_set, form_ii06.known_at) as s;
        return;
    end if;
    return query
    with
    flow as (
        select
            f.date, f.unit_key, f.channel, f.received, f.resolved_early, f.resolved_on_time, f.resolved_late, f.resolved_untimed,
            f.became_overdue - f.overdue_cleared as overdue
        from mart.daily_flow as f
        where f.rule_sets & bit <> 0 and f.date <= counted_to and f.known_from <= form_ii06.known_at
    ),

    counted as (
        select
            f.unit_key,
            coalesce(sum(f.received) filter (where f.date >= form_ii06.date_from and c.is_online), 0)::bigint as online,
            coalesce(sum(f.received) filter (where f.date >= form_ii06.date_from and not c.is_online), 0)::bigint as direct_postal,
            coalesce(sum(f.received - f.resolved_early - f.resolved_on_time - f.resolved_late - f.resolved_untimed)
                filter (where f.date < form_ii06.date_from), 0)::bigint as carried,
            coalesce(sum(f.resolved_early) filter (where f.date >= form_ii06.date_from), 0)::bigint as early,
            coalesce(sum(f.resolved_on_time) filter (where f.date >= form_ii06.date_from), 0)::bigint as on_time,
            coalesce(sum(f.resolved_late) filter (where f.date >= form_ii06.date_from), 0)::bigint as late,
            coalesce(sum(f.resolved_untimed) filter (where f.date >= form_ii06.date_from), 0)::bigint as untimed,
            coalesce(sum(f.received - f.resolved_early - f.resolved_on_time - f.resolved_late - f.resolved_untimed), 0)::bigint as pending,
            coalesce(sum(f.overdue), 0)::bigint as overdue
        from flow as f
        inner join core.dim_channel as c on f.channel = c.channel
        group by f.unit_key
    )

    select
        u.unit_code,
        u.unit_name,
        u.valid_from,
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
        v.overdue
    from counted as v
    inner join core.dim_unit as u on v.unit_key = u.unit_key
    -- Sums alone would hide what was taken back and made good in another column.
    where v.online <> 0 or v.direct_postal <> 0 or v.carried <> 0 or v.early <> 0 or v.on_time <> 0 or v.late <> 0
        or v.untimed <> 0
    order by u.unit_code, u.valid_from;
end
$$;

comment on function mart.form_ii06(date, date, text, timestamptz, text) is
'Form II.06 for any period; one that ends after landing.horizon(known_at) counts up to it. rule_set names the definitions (core.rule_set), known_at repeats what was known then, unit_view current rolls old units into their successors, the name of an estimated one marked “(ước tính)”: mart.form_ii06_successor. received_total = received_online + received_direct_postal + carried_over = resolved_total + pending_total; resolved_total holds what a rule set does not time (withdrawn, under opencps) besides early, on time and late. mart.form_ii06_marked says besides through which day it counts and which feeds are not complete.';
