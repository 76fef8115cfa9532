-- grain: one unit, figure of form II.06 and reason why two issues of the form for the same period differ.
-- From the first issue to the second in two steps: what the second rule set counts otherwise out of the same knowledge
-- (rule_set_changed), then what the second moment of knowledge changes under it. Each dossier that counts otherwise then
-- stands under one reason, the first that holds, in the order of the case below. Each issue ends with landing.horizon as of
-- its moment: what differs only by the days that one of the two does not count is counted_further.
create function mart.form_diff(
    date_from date,
    date_to date,
    known_1 timestamptz,
    known_2 timestamptz,
    rule_set_1 text default 'ii06',
    rule_set_2 text default 'ii06'
)
returns table (
    unit_code text,
    unit_valid_from date,
    unit_name text,
    figure text,
    reason text,
    reason_vi text,
    difference bigint,
    dossier_codes text []
)
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    codes text [];
    end_1 date := least(form_diff.date_to, landing.horizon(form_diff.known_1));
    end_2 date := least(form_diff.date_to, landing.horizon(form_diff.known_2));
begin
    if form_diff.date_from > form_diff.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            form_diff.date_from, form_diff.date_to using errcode = '22023';
    end if;
    perform core.is_stored_rule_set(form_diff.rule_set_1), core.is_stored_rule_set(form_diff.rule_set_2);
    codes := core.changed_since(least(form_diff.known_1, form_diff.known_2));
    return query
    with
    -- Dossiers of which nothing became known since the first of the two moments are the same in both.
    first_side as materialized (
        select * from core.derive_dossier(codes, form_diff.known_1) where codes is distinct from '{}'
    ),

    second_side as materialized (
        select * from core.derive_dossier(codes, form_diff.known_2) where codes is distinct from '{}'
    ),

    -- Only what is not the same in all that a form counts by.
    changed as materialized (
        select coalesce(first_side.dossier_code, second_side.dossier_code) as dossier_code
        from first_side
        full join second_side on first_side.dossier_code = second_side.dossier_code
        where (first_side.unit_code, first_side.unit_valid_from, first_side.channel, first_side.received_at, first_side.spans, first_side.limit_due_at)
            is distinct from (second_side.unit_code, second_side.unit_valid_from, second_side.channel, second_side.received_at, second_side.spans, second_side.limit_due_at)
    ),

    -- Each issue counts for what it is, with its sign, in the days after after_on up to until_on; the one in between, by the
    -- second rules out of the first knowledge, ends the first step and begins the second. Step 3: dossiers that did not
    -- change, in the days between the two ends. Step 0 only says what of step 2 differs in the days that both count.
    issue as (
        select d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.received_at, d.spans, d.limit_due_at, r.rule_set, 1 as step, r.sign, date '-infinity' as after_on, end_1 as until_on
        from core.dossier_as_known(form_diff.known_1) as d
        cross join (values (form_diff.rule_set_1, -1), (form_diff.rule_set_2, 1)) as r (rule_set, sign)
        where form_diff.rule_set_1 <> form_diff.rule_set_2
        union all
        select o.dossier_code, o.unit_code, o.unit_valid_from, o.channel, o.received_at, o.spans, o.limit_due_at, form_diff.rule_set_2, s.step, -1, '-infinity', s.until_on
        from first_side as o
        inner join changed as k on o.dossier_code = k.dossier_code
        cross join (values (2, end_1), (0, least(end_1, end_2))) as s (step, until_on)
        union all
        select t.dossier_code, t.unit_code, t.unit_valid_from, t.channel, t.received_at, t.spans, t.limit_due_at, form_diff.rule_set_2, s.step, 1, '-infinity', s.until_on
        from second_side as t
        inner join changed as k on t.dossier_code = k.dossier_code
        cross join (values (2, end_2), (0, least(end_1, end_2))) as s (step, until_on)
        union all
        select
            d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.received_at, d.spans, d.limit_due_at,
            form_diff.rule_set_2, 3, case when end_1 < end_2 then 1 else -1 end, least(end_1, end_2), greatest(end_1, end_2)
        from core.dossier_as_known(form_diff.known_2) as d
        where end_1 <> end_2 and d.dossier_code not in (select k.dossier_code from changed as k)
    ),

    counted as (
        select d.dossier_code, d.unit_code, d.unit_valid_from, d.step, g.figure, d.sign * g.quantity as quantity
        from issue as d
        inner join core.dim_channel as c on d.channel = c.channel
        cross join lateral (
            select
                sum(e.quantity) filter (where e.kind = 'received' and e.event_on >= form_diff.date_from) as received,
                sum(case when e.kind = 'received' then e.quantity when e.kind like 'resolved%' then -e.quantity else 0 end)
                    filter (where e.event_on < form_diff.date_from) as carried,
                sum(e.quantity) filter (where e.kind = 'resolved_early' and e.event_on >= form_diff.date_from) as early,
                sum(e.quantity) filter (where e.kind = 'resolved_on_time' and e.event_on >= form_diff.date_from) as on_time,
                sum(e.quantity) filter (where e.kind = 'resolved_late' and e.event_on >= form_diff.date_from) as late,
                sum(e.quantity) filter (where e.kind = 'resolved_untimed' and e.event_on >= form_diff.date_from) as untimed,
                sum(case when e.kind = 'received' then e.quantity when e.kind like 'resolved%' then -e.quantity else 0 end)
                    as pending,
                sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end)
                    as overdue
            from core.rule_event(d.rule_set, d.received_at, d.spans, d.limit_due_at) as e
            where e.event_on > d.after_on and e.event_on <= d.until_on
        ) as n
        cross join lateral (
            values
            ('received_online', case when c.is_online then n.received end),
            ('received_direct_postal', case when not c.is_online then n.received end),
            ('carried_over', n.carried),
            ('resolved_early', n.early),
            ('resolved_on_time', n.on_time),
            ('resolved_late', n.late),
            ('resolved_untimed', n.untimed),
            ('pending_in_time', n.pending - n.overdue),
            ('pending_overdue', n.overdue)
        ) as g (figure, quantity)
        where g.quantity <> 0
    ),

    differing as (
        select c.dossier_code, c.unit_code, c.unit_valid_from, c.step, c.figure, sum(c.quantity)::bigint as quantity
        from counted as c
        group by c.dossier_code, c.unit_code, c.unit_valid_from, c.step, c.figure
        having sum(c.quantity) <> 0
    ),

    explained as (
        select
            d.*,
            case
                when d.step = 1 then 'rule_set_changed'
                when d.step = 3 then 'counted_further'
                when first_side.dossier_code is null or first_side.spans is null
                    then case when b.dossier_code is null then 'counted_further' else 'arrived_late' end
                when second_side.dossier_code is null or second_side.spans is null
                    then case when b.dossier_code is null then 'counted_further' else 'no_longer_counted' end
                when first_side.received_at <> second_side.received_at then 'received_date_edited'
                when (first_side.unit_code, first_side.unit_valid_from) <> (second_side.unit_code, second_side.unit_valid_from) then 'unit_changed'
                when first_side.channel <> second_side.channel then 'channel_changed'
                when second_side.state = 'vanished' and first_side.state <> 'vanished' then 'vanished'
                when first_side.state = 'vanished' and second_side.state <> 'vanished' then 'came_back'
                when second_side.state = 'withdrawn' and first_side.state <> 'withdrawn' then 'withdrawn'
                when first_side.due_at is distinct from second_side.due_at then 'due_date_moved'
                when first_side.ended_at <> second_side.ended_at then 'end_date_edited'
                when b.dossier_code is null then 'counted_further'
                else 'news_arrived_late'
            end as reason
        from differing as d
        left join (select distinct x.dossier_code from differing as x where x.step = 0) as b on d.dossier_code = b.dossier_code
        left join first_side on d.dossier_code = first_side.dossier_code
        left join second_side on d.dossier_code = second_side.dossier_code
        where d.step > 0
    )

    select
        e.unit_code,
        e.unit_valid_from,
        u.unit_name,
        e.figure,
        e.reason,
        case e.reason
            when 'rule_set_changed' then 'bộ quy tắc khác'
            when 'counted_further' then 'kỳ được tính đến ngày khác'
            when 'arrived_late' then 'hồ sơ đến muộn'
            when 'no_longer_counted' then 'hồ sơ không còn được tính'
            when 'received_date_edited' then 'ngày tiếp nhận được sửa'
            when 'unit_changed' then 'đơn vị thay đổi'
            when 'channel_changed' then 'kênh tiếp nhận thay đổi'
            when 'vanished' then 'hồ sơ không còn trong danh sách của nguồn'
            when 'came_back' then 'hồ sơ có lại trong danh sách của nguồn'
            when 'withdrawn' then 'công dân rút hồ sơ'
            when 'due_date_moved' then 'ngày hẹn trả được dời'
            when 'end_date_edited' then 'ngày kết thúc được sửa'
            else 'thông tin về hồ sơ đến muộn'
        end,
        sum(e.quantity)::bigint,
        array_agg(e.dossier_code order by e.dossier_code)
    from explained as e
    inner join core.dim_unit as u on e.unit_code = u.unit_code and e.unit_valid_from = u.valid_from
    group by e.unit_code, e.unit_valid_from, u.unit_name, e.figure, e.reason
    order by e.unit_code, e.unit_valid_from, e.figure, e.reason;
end
$$;

comment on function mart.form_diff(date, date, timestamptz, timestamptz, text, text) is
'Why two issues of form II.06 for one period differ: unit, figure, reason, by how much, and the dossiers behind it; counted_further: by the days that only one of the two counts (landing.horizon). figure is a column of mart.form_ii06, or resolved_untimed.';
