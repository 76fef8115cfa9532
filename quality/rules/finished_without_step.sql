-- Finished for a week and more, but by its last step still in work.
select
    f.dossier_code,
    'last_step_status' as field,
    f.last_step_status::text as value
from core.fct_dossier as f
where f.state = 'resolved' and f.last_step_status in (1, 2, 4) and f.last_step_at <= f.ended_at
    and f.ended_at < (select landing.horizon()::timestamp) - interval '7 days'
