-- grain: one unit in one list of units.
create view mart.unit as
select
    u.unit_key,
    u.unit_code,
    u.valid_from,
    u.valid_to,
    u.unit_name,
    u.level,
    case u.level when 'district' then u.unit_code else d.unit_code end as district_code,
    case u.level when 'district' then u.unit_name else d.unit_name end as district_name,
    u.province_code,
    p.unit_name as province_name,
    coalesce(n.unit_code, u.unit_code) as current_unit_code,
    coalesce(n.unit_name, u.unit_name) as current_unit_name
from core.dim_unit as u
left join core.dim_unit as d on u.parent_code = d.unit_code and u.valid_from = d.valid_from and d.level = 'district'
left join core.dim_unit as p on u.province_code = p.unit_code and u.valid_from = p.valid_from and p.level = 'province'
left join (
    select distinct on (o.old_code) o.old_code, o.new_code
    from core.unit_successor as o
    where o.is_default
    order by o.old_code asc, o.new_code asc
) as s on u.unit_code = s.old_code and u.valid_to < '9999-12-31'
left join core.dim_unit as n on s.new_code = n.unit_code and u.valid_to = n.valid_from;

comment on view mart.unit is
'Units with those above them, for readers of marts: grain one code in one list (before and since 1/7/2025). Join marts by unit_key.';
comment on column mart.unit.district_code is 'District that the unit belonged to or was, before 1/7/2025; null for units of today''s list.';
comment on column mart.unit.district_name is 'Name of that district.';
comment on column mart.unit.province_name is 'Name of that province.';
comment on column mart.unit.current_unit_code is 'Unit of today''s list that took over the unit: itself, if it is still there. Of a divided unit the one to take when one is wanted.';
comment on column mart.unit.current_unit_name is 'Name of that unit.';
