-- An inferred unit is called by one of the spellings met, the same whatever came first: a new spelling may rename it.
update mart.overdue_stock as o
set unit_name = u.unit_name
from core.dim_unit as u
where u.is_inferred and o.unit_code = u.unit_code and o.unit_valid_from = u.valid_from and o.unit_name <> u.unit_name;

update mart.timeliness_count as t
set unit_name = u.unit_name
from core.dim_unit as u
where u.is_inferred and t.unit_code = u.unit_code and t.unit_valid_from = u.valid_from and t.unit_name <> u.unit_name;
