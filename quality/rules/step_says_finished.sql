-- The last step finished it, but a week and more later it is still open. Without a due date the portal makes up such a step.
select
    f.dossier_code,
    'last_step_status' as field,
    f.last_step_at::text as value
from core.fct_dossier as f
where f.state = 'processing' and f.last_step_status in (7, 9, 10) and f.due_at is not null
    and f.last_step_at < (select landing.horizon()::timestamp) - interval '7 days'
