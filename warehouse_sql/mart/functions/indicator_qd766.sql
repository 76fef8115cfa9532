-- grain: one unit and one indicator; with of_all one indicator of all units together, unit_code all. unit_keys takes some of the
-- units alone.
-- Indicators of QĐ 766/QĐ-TTg; formulas, points and targets: core.indicator. A dossier of which the source does not say
-- what the formula asks for is counted in unknown_count and nowhere else: null is not 0.
create function mart.indicator_qd766(
    date_from date,
    date_to date,
    known_at timestamptz default 'infinity',
    of_all boolean default false,
    unit_keys bigint [] default null
)
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    indicator text,
    official_code text,
    title_vi text,
    numerator numeric,
    denominator numeric,
    unknown_count bigint,
    ratio numeric,
    target numeric,
    score numeric,
    max_score numeric,
    is_approximate boolean,
    reason_vi text,
    reason_en text
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    cut_off timestamp := least(indicator_qd766.date_to, mart.horizon(indicator_qd766.known_at)) + 1;
begin
    return query
    with
    form as materialized (
        select f.*
        from mart.form_ii06(indicator_qd766.date_from, indicator_qd766.date_to, 'qd766', indicator_qd766.known_at) as f
        where indicator_qd766.unit_keys is null
            or exists (
                select 1
                from core.dim_unit as u
                where u.unit_key = any(indicator_qd766.unit_keys) and u.unit_code = f.unit_code and u.valid_from = f.valid_from
            )
    ),

    -- One pass over the dossiers; their units are few.
    unit_sum as (
        select
            d.unit_code, d.unit_valid_from,
            count(*) filter (where d.is_received) as received,
            count(*) filter (where d.is_finished) as finished,
            sum(d.processing_days) filter (where d.is_finished) as sum_22,
            count(d.processing_days) filter (where d.is_finished) as known_22,
            count(*) filter (where d.is_received and d.is_fully_online) as sum_33,
            count(d.is_fully_online) filter (where d.is_received) as known_33,
            bool_or(d.is_online and d.gives_paper_result is null) filter (where d.is_received) as gap_33,
            count(*) filter (where d.is_received and d.owes_payment) as all_36,
            count(*) filter (where d.is_received and d.is_paid_online) as sum_36,
            count(d.is_paid_online) filter (where d.is_received) as known_36,
            bool_or(d.is_fee_bearing is null) filter (where d.is_received and d.is_paid_online is not null) as gap_36,
            count(*) filter (where d.is_finished and d.owes_electronic_result) as all_41,
            count(*) filter (where d.is_finished and d.is_answered_electronically) as sum_41,
            count(d.is_answered_electronically) filter (where d.is_finished) as known_41,
            bool_or(d.gives_paper_result is null) filter (where d.is_finished and d.is_answered_electronically is not null) as gap_41,
            count(*) filter (where d.is_finished and d.is_wholly_digitised) as sum_42,
            count(d.is_wholly_digitised) filter (where d.is_finished) as known_42,
            count(*) filter (where d.is_received and d.is_digitised) as sum_43,
            count(d.is_digitised) filter (where d.is_received) as known_43,
            count(*) filter (where d.is_received and d.is_identified) as sum_45,
            count(d.is_identified) filter (where d.is_received) as known_45
        from core.dossier_in_period(indicator_qd766.date_from, cut_off, indicator_qd766.known_at) as d
        where indicator_qd766.unit_keys is null or d.unit_key = any(indicator_qd766.unit_keys)
        group by d.unit_code, d.unit_valid_from
    ),

    counted as (
        select
            s.unit_code, s.unit_valid_from, m.indicator, m.numerator,
            m.known_count::numeric as denominator,
            m.all_count - m.known_count as unknown_count,
            m.has_catalogue_gap
        from unit_sum as s
        cross join lateral (
            values
            ('2.2', s.sum_22, s.known_22, s.finished, false),
            ('3.3', s.sum_33, s.known_33, s.received, s.gap_33),
            ('3.6', s.sum_36, s.known_36, s.all_36, s.gap_36),
            ('4.1', s.sum_41, s.known_41, s.all_41, s.gap_41),
            ('4.2', s.sum_42, s.known_42, s.finished, false),
            ('4.3', s.sum_43, s.known_43, s.received, false),
            ('4.5b', s.sum_45, s.known_45, s.received, false)
        ) as m (indicator, numerator, known_count, all_count, has_catalogue_gap)
        where m.all_count > 0
        union all
        select
            f.unit_code, f.valid_from, '2.1',
            f.resolved_early + f.resolved_on_time + f.pending_in_time, f.received_total, 0, false
        from form as f
    ),

    place as (
        select f.unit_code, f.unit_name, f.valid_from from form as f
        union
        select c.unit_code, u.unit_name, c.unit_valid_from
        from counted as c
        inner join core.dim_unit as u on c.unit_code = u.unit_code and c.unit_valid_from = u.valid_from
        union
        -- all together have a row even where there is no unit
        select null, null, null
    ),

    summed as (
        select
            case when indicator_qd766.of_all then 'all' else p.unit_code end as unit_code,
            case when indicator_qd766.of_all then 'Tất cả đơn vị' else max(p.unit_name) end as unit_name,
            case when not indicator_qd766.of_all then p.valid_from end as valid_from,
            i.code,
            sum(c.numerator) as numerator,
            coalesce(sum(c.denominator), 0) as denominator,
            coalesce(sum(c.unknown_count), 0)::bigint as unknown_count,
            coalesce(bool_or(c.has_catalogue_gap), false) as has_catalogue_gap
        from place as p
        cross join core.indicator as i
        left join counted as c
            on p.unit_code = c.unit_code and p.valid_from = c.unit_valid_from and i.code = c.indicator
        where indicator_qd766.of_all or p.unit_code is not null
        group by 1, 3, i.code
    ),

    measured as (
        select
            s.*,
            i.official_code, i.title_vi, i.default_target, i.max_score, i.scoring, i.approximation_vi,
            i.approximation_en, i.catalogue_gap_vi, i.catalogue_gap_en, i.attribute_vi, i.attribute_en,
            translate(to_char(s.unknown_count, 'FM999,999,999,999'), ',', '.') as unknown_written,
            case when s.unknown_count = 1 then '1 dossier' else to_char(s.unknown_count, 'FM999,999,999,999" dossiers"') end as dossiers_written,
            s.numerator / nullif(s.denominator, 0) as exact_ratio,
            i.approximation_vi is not null or s.has_catalogue_gap or s.unknown_count > 0 as is_approximate,
            s.denominator = 0 and s.unknown_count > 0 as is_unsaid
        from summed as s
        inner join core.indicator as i on s.code = i.code
    )

    select
        m.unit_code,
        m.unit_name,
        m.valid_from,
        m.code,
        m.official_code,
        m.title_vi,
        case when not m.is_unsaid then round(coalesce(m.numerator, 0), 6) end,
        case when not m.is_unsaid then m.denominator end,
        m.unknown_count,
        round(m.exact_ratio, 6),
        m.default_target,
        core.indicator_score(m.exact_ratio, m.scoring, m.default_target, m.max_score),
        m.max_score,
        m.is_approximate,
        nullif(
            concat_ws(
                ' ',
                case when m.denominator = 0 and not m.is_unsaid then 'Trong kỳ không có hồ sơ nào thuộc mẫu số.' end,
                case
                    when m.is_unsaid then format('Nguồn không cho biết %s của hồ sơ nào.', m.attribute_vi)
                    when m.unknown_count > 0
                        then format('Nguồn không cho biết %s của %s hồ sơ: không tính các hồ sơ đó.', m.attribute_vi, m.unknown_written)
                end,
                case when m.scoring = 'none' then 'Chỉ hiển thị, không chấm điểm.' end,
                case when m.denominator > 0 then m.approximation_vi end,
                case when m.has_catalogue_gap then m.catalogue_gap_vi end
            ),
            ''
        ),
        nullif(
            concat_ws(
                ' ',
                case when m.denominator = 0 and not m.is_unsaid then 'No dossier of the period belongs to the denominator.' end,
                case
                    when m.is_unsaid then format('No source says the %s of any dossier.', m.attribute_en)
                    when m.unknown_count > 0
                        then format('No source says the %s of %s: left out.', m.attribute_en, m.dossiers_written)
                end,
                case when m.scoring = 'none' then 'Shown only, not scored.' end,
                case when m.denominator > 0 then m.approximation_en end,
                case when m.has_catalogue_gap then m.catalogue_gap_en end
            ),
            ''
        )
    from measured as m
    order by m.unit_code, m.valid_from, m.code;
end
$$;

comment on function mart.indicator_qd766(date, date, timestamptz, boolean, bigint []) is
'Indicators of QĐ 766/QĐ-TTg by unit; with of_all => true only those of all units together (unit_code all, valid_from null), so that no total stands among its parts: ratio = numerator / denominator, score by core.indicator. unit_keys takes some of the units alone. reason_vi and reason_en say why a score can''t be had, or what of the formula is only approximated; unknown_count are dossiers left out because the source does not say what is asked.';
