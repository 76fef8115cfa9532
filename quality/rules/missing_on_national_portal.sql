-- Received, but a week later the national portal does not know it, though its exports reach on both sides of the reception.
with reach as (
    select
        min(x.effective_at) as from_at,
        max(x.effective_at) as to_at
    from landing.export_file as x
    inner join core.dim_source as s on x.source = s.source
    where s.portal = 'national' and x.kind = 'dossiers' and x.status = 'loaded'
)

select
    f.dossier_code,
    'national_status' as field,
    f.received_at::text as value
from core.fct_dossier as f
inner join reach as r on f.received_at >= r.from_at and f.received_at < r.to_at - interval '7 days'
where f.portal_disagreements @> '{missing_national}' and f.is_counted
