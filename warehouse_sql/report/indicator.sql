-- grain: one indicator of QĐ 766/QĐ-TTg (core.indicator) of one unit of the report, or (is_all) of all of them together;
-- what belongs to a divided unit has no unit_no. Shares, not points, are added up: numerators and denominators. The rank
-- is that among all units of the warehouse, as mart.unit_ranking has it; none for what was made of several units.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_page.
with measured as (
    select
        q.unit_code,
        q.valid_from,
        i.code,
        q.numerator,
        q.denominator,
        q.unknown_count,
        position(i.catalogue_gap_vi in coalesce(q.reason_vi, '')) > 0 as has_catalogue_gap,
        q.numerator / nullif(q.denominator, 0) as value,
        i.is_share
    from mart.indicator_qd766(:date_from, greatest(cast(:date_from as date), :date_to), cast(:known_at as timestamptz)) as q
    inner join core.indicator as i on q.indicator = i.code
),

ranked as (
    select
        m.*,
        case
            when m.value is not null
                then
                    rank() over (
                        partition by m.code order by case when m.is_share then -m.value else m.value end asc nulls last
                    )
        end as rank,
        count(m.value) over (partition by m.code) as ranked_count
    from measured as m
),

summed as (
    select
        grouping(u.unit_no) = 1 as is_all,
        u.unit_no,
        r.code,
        sum(r.numerator) as numerator,
        coalesce(sum(r.denominator), 0) as denominator,
        sum(r.unknown_count) as unknown_count,
        coalesce(bool_or(r.has_catalogue_gap), false) as has_catalogue_gap,
        case when count(*) = 1 and grouping(u.unit_no) = 0 then max(r.rank) end as rank,
        max(r.ranked_count) as ranked_count
    from ranked as r
    inner join report_unit as u on r.unit_code = u.unit_code and r.valid_from = u.valid_from
    group by grouping sets ((r.code), (u.unit_no, r.code))
)

select
    s.is_all,
    s.unit_no,
    p.unit_name,
    i.code,
    i.title_vi,
    i.title_en,
    i.is_share,
    -- nothing is said of any dossier: not the same as none
    case when s.denominator > 0 or s.unknown_count = 0 then round(coalesce(s.numerator, 0), 6) end as numerator,
    case when s.denominator > 0 or s.unknown_count = 0 then s.denominator end as denominator,
    cast(s.unknown_count as bigint) as unknown_count,
    round(s.numerator / nullif(s.denominator, 0), 6) as value,
    i.default_target as target,
    core.indicator_score(s.numerator / nullif(s.denominator, 0), i.scoring, i.default_target, i.max_score) as score,
    i.max_score,
    s.rank,
    s.ranked_count,
    s.has_catalogue_gap,
    i.formula_vi,
    i.formula_en,
    i.approximation_vi,
    i.approximation_en,
    i.catalogue_gap_vi,
    i.catalogue_gap_en,
    i.attribute_vi,
    i.attribute_en
from summed as s
inner join core.indicator as i on s.code = i.code
left join report_page as p on s.unit_no = p.unit_no and not s.is_all
order by s.is_all desc, s.unit_no asc nulls last, i.code asc;
