-- Finished, but put to work again by a step of a day and more later.
select
    f.dossier_code,
    'last_step_at' as field,
    f.last_step_at::text as value
from core.fct_dossier as f
where f.state in ('resolved', 'withdrawn') and f.last_step_status in (2, 4, 5, 6)
    and f.last_step_at > greatest(f.ended_at, f.returned_at) + interval '1 day'
