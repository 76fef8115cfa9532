-- Taken over or put to work by a step of a day before the reception.
select
    f.dossier_code,
    'processed_at' as field,
    min(h.processed_at)::text as value
from history.process_step as h
inner join core.fct_dossier as f on h.dossier_code = f.dossier_code
where h.status in (2, 4) and h.processed_at < f.received_at::date
group by f.dossier_code
