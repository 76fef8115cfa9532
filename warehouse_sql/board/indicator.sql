-- grain: one indicator of QĐ 766/QĐ-TTg that exports of dossiers can tell, of all units or of those chosen.
-- Parameters: date_from, date_to, known_at, unit_keys.
select
    i.indicator,
    n.title_vi as indicator_name_vi,
    n.title_en as indicator_name_en,
    sum(i.numerator) as numerator,
    sum(i.denominator) as denominator,
    case when n.is_share then sum(i.numerator) / nullif(sum(i.denominator), 0) end as share,
    case when not n.is_share then sum(i.numerator) / nullif(sum(i.denominator), 0) end as mean_days,
    max(i.target) as target,
    cast(sum(i.unknown_count) as bigint) as unknown_count,
    max(i.reason_vi) as reason
from mart.indicator_qd766(:date_from, :date_to, cast(:known_at as timestamptz), cast(:unit_keys as bigint []) is null) as i
inner join mart.indicator as n on i.indicator = n.indicator
left join mart.unit as u on i.unit_code = u.unit_code and i.valid_from = u.valid_from
where (cast(:unit_keys as bigint []) is null or u.unit_key = any(cast(:unit_keys as bigint [])))
group by i.indicator, n.title_vi, n.title_en, n.is_share
