-- grain: one procedure, with the sector that it counts for.
select procedure_code, field_code, field_name
from core.dim_procedure
where is_last
order by procedure_code;
