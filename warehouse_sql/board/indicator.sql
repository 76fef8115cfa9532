-- grain: one indicator of QĐ 766/QĐ-TTg that exports of dossiers can tell, of all units or of those chosen together.
-- Parameters: date_from, date_to, known_at, unit_keys.
select
    i.indicator,
    n.title_vi as indicator_name_vi,
    n.title_en as indicator_name_en,
    i.numerator,
    i.denominator,
    case when n.is_share then i.numerator / nullif(i.denominator, 0) end as share,
    case when not n.is_share then i.numerator / nullif(i.denominator, 0) end as mean_days,
    i.target,
    i.unknown_count,
    i.reason_vi,
    i.reason_en
from mart.indicator_qd766(:date_from, :date_to, cast(:known_at as timestamptz), true, cast(:unit_keys as bigint [])) as i
inner join mart.indicator as n on i.indicator = n.indicator
