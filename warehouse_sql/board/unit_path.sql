-- grain: one unit above a unit, and the unit itself, the highest first.
-- Parameters: code, valid_from (none: the newest list that has the code).
with chosen as (
    select u.*
    from mart.unit as u
    where u.unit_code = :code and u.valid_from = coalesce(cast(:valid_from as date), u.valid_from)
    order by u.valid_from desc
    limit 1
)

select
    u.unit_code,
    u.valid_from,
    u.unit_name
from chosen as c
inner join mart.unit as u on c.valid_from = u.valid_from and u.unit_code in (c.unit_code, c.district_code, c.province_code)
order by array_position(array ['province', 'district'], u.level), u.unit_code
