-- grain: one unit, figure of form II.06 and reason why two issues of the form for the same period differ.
-- From the first issue to the second in two steps: what the second rule set counts otherwise out of the same knowledge
-- (rule_set_changed), then what the second moment of knowledge changes under it. Each dossier that counts otherwise then
-- stands under one reason, the first that holds, in the order of the case below. Each issue ends with mart.horizon as of
-- its moment: what differs only by the days that one of the two does not count is counted_further. Both are read as today; where a
-- report of the first issue was printed, what it stated otherwise of the same files is new_reading, without dossiers.
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
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    bit_1 smallint := core.rule_set_bit(form_diff.rule_set_1);
    bit_2 smallint := core.rule_set_bit(form_diff.rule_set_2);
    end_1 date := least(form_diff.date_to, mart.horizon(form_diff.known_1));
    end_2 date := least(form_diff.date_to, mart.horizon(form_diff.known_2));
begin
    if form_diff.date_from > form_diff.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            form_diff.date_from, form_diff.date_to using errcode = '22023';
    end if;
    return query
    with
    -- Each issue counts for what it is, with its sign, in the days after after_on up to until_on; the one in between, by the
    -- second rules out of the first knowledge, ends the first step and begins the second. Step 3: what was known at both moments,
    -- in the days between the two ends. Step 0 only says what of step 2 differs in the days that both count.
    event as (
        select e.*, 1 as step, s.sign, date '-infinity' as after_on, end_1 as until_on
        from core.event_as_known(form_diff.known_1) as e
        cross join (values (bit_1, -1), (bit_2, 1)) as s (bit, sign)
        where bit_1 <> bit_2 and e.rule_sets & s.bit <> 0 and e.rule_sets & bit_1 + e.rule_sets & bit_2 <> bit_1 + bit_2
        union all
        select e.*, s.step, -1, '-infinity', s.until_on
        from core.event_as_known(form_diff.known_1) as e
        cross join (values (2, end_1), (0, least(end_1, end_2))) as s (step, until_on)
        where e.rule_sets & bit_2 <> 0 and not (e.known_from <= form_diff.known_2 and (e.known_to > form_diff.known_2 or e.known_to = 'infinity'))
        union all
        select e.*, s.step, 1, '-infinity', s.until_on
        from core.event_as_known(form_diff.known_2) as e
        cross join (values (2, end_2), (0, least(end_1, end_2))) as s (step, until_on)
        where e.rule_sets & bit_2 <> 0 and not (e.known_from <= form_diff.known_1 and (e.known_to > form_diff.known_1 or e.known_to = 'infinity'))
        union all
        select e.*, 3, case when end_1 < end_2 then 1 else -1 end, least(end_1, end_2), greatest(end_1, end_2)
        from core.event_as_known(form_diff.known_2) as e
        where end_1 <> end_2 and e.rule_sets & bit_2 <> 0
            and e.known_from <= form_diff.known_1 and (e.known_to > form_diff.known_1 or e.known_to = 'infinity')
    ),

    counted as (
        select d.dossier_code, d.unit_key, d.step, g.figure, g.quantity
        from (
            select
                e.dossier_code, e.unit_key, e.channel, e.step,
                sum(e.sign * e.quantity) filter (where e.kind = 'received' and e.event_on >= form_diff.date_from) as received,
                sum(e.sign * case when e.kind = 'received' then e.quantity when e.kind like 'resolved%' then -e.quantity else 0 end)
                    filter (where e.event_on < form_diff.date_from) as carried,
                sum(e.sign * e.quantity) filter (where e.kind = 'resolved_early' and e.event_on >= form_diff.date_from) as early,
                sum(e.sign * e.quantity) filter (where e.kind = 'resolved_on_time' and e.event_on >= form_diff.date_from) as on_time,
                sum(e.sign * e.quantity) filter (where e.kind = 'resolved_late' and e.event_on >= form_diff.date_from) as late,
                sum(e.sign * e.quantity) filter (where e.kind = 'resolved_untimed' and e.event_on >= form_diff.date_from) as untimed,
                sum(e.sign * case when e.kind = 'received' then e.quantity when e.kind like 'resolved%' then -e.quantity else 0 end)
                    as pending,
                sum(e.sign * case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end)
                    as overdue
            from event as e
            where e.event_on > e.after_on and e.event_on <= e.until_on
            group by e.dossier_code, e.unit_key, e.channel, e.step
        ) as d
        inner join core.dim_channel as c on d.channel = c.channel
        cross join lateral (
            values
            ('received_online', case when c.is_online then d.received end),
            ('received_direct_postal', case when not c.is_online then d.received end),
            ('carried_over', d.carried),
            ('resolved_early', d.early),
            ('resolved_on_time', d.on_time),
            ('resolved_late', d.late),
            ('resolved_untimed', d.untimed),
            ('pending_in_time', d.pending - d.overdue),
            ('pending_overdue', d.overdue)
        ) as g (figure, quantity)
        where g.quantity <> 0
    ),

    differing as (
        select c.dossier_code, c.unit_key, c.step, c.figure, sum(c.quantity)::bigint as quantity
        from counted as c
        group by c.dossier_code, c.unit_key, c.step, c.figure
        having sum(c.quantity) <> 0
    ),

    first_side as materialized (
        select d.dossier_code, d.is_counted, d.received_at, d.unit_key, d.channel, d.state, d.due_at, d.ended_at
        from core.dossier_as_known(form_diff.known_1) as d
        where d.dossier_code in (select x.dossier_code from differing as x where x.step = 2)
    ),

    second_side as materialized (
        select d.dossier_code, d.is_counted, d.received_at, d.unit_key, d.channel, d.state, d.due_at, d.ended_at
        from core.dossier_as_known(form_diff.known_2) as d
        where d.dossier_code in (select x.dossier_code from differing as x where x.step = 2)
    ),

    explained as (
        select
            d.*,
            case
                when d.step = 1 then 'rule_set_changed'
                when d.step = 3 then 'counted_further'
                when first_side.is_counted is not true
                    then case when b.dossier_code is null then 'counted_further' else 'arrived_late' end
                when second_side.is_counted is not true
                    then case when b.dossier_code is null then 'counted_further' else 'no_longer_counted' end
                when first_side.received_at <> second_side.received_at then 'received_date_edited'
                when first_side.unit_key <> second_side.unit_key then 'unit_changed'
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
    ),

    -- The last report that was issued of this form out of the same files: what it stated, against the same form as it is read now.
    issue as (
        select i.report_id
        from mart.issued_form as i
        where i.date_from = form_diff.date_from and i.date_to = form_diff.date_to and i.rule_set = form_diff.rule_set_1
            and i.known_through <= form_diff.known_1
            and not exists (
                select 1
                from landing.export_file as f
                where f.received_at > i.known_through and f.received_at <= form_diff.known_1
                    and not exists (
                        select 1
                        from landing.export_file as p
                        where p.sha256 = f.sha256 and p.received_at <= i.known_through
                    )
            )
        order by i.issued_at desc, i.report_id
        limit 1
    ),

    reading as (
        select u.unit_key, c.figure, sum(c.quantity)::bigint as quantity
        from (
            select f.unit_code, f.unit_valid_from, f.figure, -f.quantity as quantity
            from mart.issued_form as f
            where f.report_id = (select i.report_id from issue as i)
            union all
            select n.unit_code, n.unit_valid_from, n.figure, n.quantity
            from mart.form_figure(form_diff.date_from, form_diff.date_to, form_diff.rule_set_1, form_diff.known_1) as n
            where exists (select 1 from issue)
        ) as c
        inner join core.dim_unit as u on c.unit_code = u.unit_code and c.unit_valid_from = u.valid_from
        group by u.unit_key, c.figure
        having sum(c.quantity) <> 0
    )

    select
        u.unit_code,
        u.valid_from,
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
            when 'new_reading' then 'cùng tệp, nay đọc khác: danh mục, lịch làm việc, tên gọi hoặc chương trình đã đổi'
            else 'thông tin về hồ sơ đến muộn'
        end,
        e.quantity,
        e.dossier_codes
    from (
        select
            x.unit_key, x.figure, x.reason, sum(x.quantity)::bigint as quantity,
            array_agg(x.dossier_code order by x.dossier_code) as dossier_codes
        from explained as x
        group by x.unit_key, x.figure, x.reason
        union all
        select r.unit_key, r.figure, 'new_reading', r.quantity, '{}'
        from reading as r
    ) as e
    inner join core.dim_unit as u on e.unit_key = u.unit_key
    order by u.unit_code, u.valid_from, e.figure, e.reason;
end
$$;

comment on function mart.form_diff(date, date, timestamptz, timestamptz, text, text) is
'Why two issues of form II.06 for one period differ: unit, figure, reason, by how much, and the dossiers behind it; counted_further: by the days that only one of the two counts (mart.horizon); new_reading: what a report issued of the first stated otherwise of the same files, without dossiers. figure is a column of mart.form_ii06, or resolved_untimed.';
