-- grain: one unit that lies within a unit, itself included.
create function mart.unit_within(unit_code text, valid_from date default null)
returns table (unit_key bigint)
language sql stable parallel safe
as $$
select u.unit_key
from core.dim_unit as u
where unit_within.unit_code in (u.unit_code, u.parent_code, u.province_code)
    and u.valid_from = coalesce(unit_within.valid_from, u.valid_from)
$$;

comment on function mart.unit_within(text, date) is
'Units within a unit of the same list: itself, communes of a district, all of a province. Without valid_from, of every list that has the code.';
