-- Open a year and more after its due date.
select
    f.dossier_code,
    'due_at' as field,
    f.due_at::text as value
from core.fct_dossier as f
where f.state = 'processing' and f.due_at < (select g.value::timestamp from ops.setting as g where g.name = 'covered_through') - interval '1 year'
