-- Promised for a later day than the time limit gives.
select
    f.dossier_code,
    'first_due_at' as field,
    f.first_due_at::text as value
from core.fct_dossier as f
inner join core.fct_due as d on f.dossier_code = d.dossier_code
where f.first_due_at::date > d.computed_due_at::date
