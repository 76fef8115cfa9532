-- Suspended for half a year and more, up to now.
select
    f.dossier_code,
    'state' as field,
    max(n.valid_from)::text as value
from core.fct_dossier as f
inner join core.fct_dossier_span as n on f.dossier_code = n.dossier_code
where f.state = 'suspended' and n.state = 'suspended' and n.valid_to = 'infinity'
    and n.valid_from < (select landing.horizon()::timestamp) - interval '6 months'
group by f.dossier_code
