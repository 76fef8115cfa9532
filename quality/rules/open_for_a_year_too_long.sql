-- Open a year and more after its due date.
select
    f.dossier_code,
    'due_at' as field,
    f.due_at::text as value
from core.fct_dossier as f
where f.state = 'processing' and f.due_at < (select landing.horizon()::timestamp) - interval '1 year'
