-- Facts of procedures whose versions in the catalogue are others now refer to the one that stands on the day of reception.
-- Parameters: codes.
update core.fct_dossier as f
set procedure_key = p.procedure_key
from core.procedure_by_day as p
where f.procedure_code = any(:codes) and f.procedure_code = p.procedure_code
    and coalesce(f.received_at, f.submitted_at, '9999-12-31')::date >= p.stands_from
    and coalesce(f.received_at, f.submitted_at, '9999-12-31')::date < p.stands_to
    and f.procedure_key <> p.procedure_key;

update core.fct_dossier_past as f
set procedure_key = p.procedure_key
from core.procedure_by_day as p
where f.procedure_code = any(:codes) and f.procedure_code = p.procedure_code
    and coalesce(f.received_at, f.submitted_at, '9999-12-31')::date >= p.stands_from
    and coalesce(f.received_at, f.submitted_at, '9999-12-31')::date < p.stands_to
    and f.procedure_key <> p.procedure_key;
