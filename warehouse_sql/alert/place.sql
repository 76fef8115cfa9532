-- grain: one unit code, with the district and province it lies in by the list of units valid on a day, else by an older one.
-- Parameters: codes, day.
select distinct on (u.unit_code)
    u.unit_code,
    -- a province is nobody's district
    case when p.level = 'district' then u.parent_code end as district_code,
    coalesce(u.province_code, u.unit_code) as province_code
from core.dim_unit as u
left join core.dim_unit as p on u.parent_code = p.unit_code and u.valid_from = p.valid_from
where u.unit_code = any(:codes)
order by u.unit_code asc, u.valid_from <= cast(:day as date) desc, u.valid_from desc;
