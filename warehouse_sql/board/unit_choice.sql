-- grain: one unit that may be chosen: with dossiers of its own, or above one with.
select distinct
    p.unit_code,
    p.valid_from,
    p.unit_name,
    p.level
from (select distinct f.unit_key from mart.daily_flow as f) as k
inner join mart.unit as u on k.unit_key = u.unit_key
inner join mart.unit as p on u.valid_from = p.valid_from and p.unit_code in (u.unit_code, u.district_code, u.province_code)
order by p.valid_from desc, p.level desc, p.unit_name asc, p.unit_code asc
