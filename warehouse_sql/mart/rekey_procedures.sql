-- Months of procedures whose versions in the catalogue are others now refer to the last one. Parameters: codes.
update mart.timeliness_count as t
set procedure_key = p.procedure_key
from core.dim_procedure as p
where t.procedure_code = any(:codes) and t.procedure_code = p.procedure_code and p.is_last
    and t.procedure_key is distinct from p.procedure_key;
