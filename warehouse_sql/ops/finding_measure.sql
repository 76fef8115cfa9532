-- grain: one finding with an indicator: its unit's value in a period, with all that belongs to the unit.
-- Parameters: finding_ids, indicators, date_from, date_to, known_at.
select
    f.finding_id,
    sum(m.numerator) as numerator,
    sum(m.denominator) as denominator
from ops.finding as f
inner join mart.measure_as_known(
    cast(:indicators as text []), cast(:date_from as date), cast(:date_to as date), cast(:known_at as timestamptz)
) as m on f.indicator = m.indicator
inner join core.dim_unit as u on m.unit_code = u.unit_code and m.unit_valid_from = u.valid_from
where f.finding_id = any(cast(:finding_ids as integer []))
    and (
        f.unit_code = 'all'
        or (
            f.unit_valid_from = u.valid_from
            and (
                f.unit_code = u.unit_code
                or exists (
                    select 1
                    from core.dim_unit as a
                    where a.unit_code = f.unit_code and a.valid_from = f.unit_valid_from
                        and (
                            (a.level = 'district' and u.parent_code = a.unit_code)
                            or (a.level = 'province' and u.province_code = a.unit_code)
                        )
                )
            )
        )
    )
group by f.finding_id
order by f.finding_id;
