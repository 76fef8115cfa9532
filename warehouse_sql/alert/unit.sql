-- grain: one unit of one list.
select unit_code, valid_from, unit_name, level, parent_code, province_code
from core.dim_unit
order by unit_code, valid_from;
