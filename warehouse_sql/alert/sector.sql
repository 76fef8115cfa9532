-- grain: one version of one procedure, with the sector that it counts for.
select procedure_key, field_code, field_name, is_last
from core.dim_procedure
order by procedure_key;
