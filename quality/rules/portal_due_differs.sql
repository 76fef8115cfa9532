-- The two portals say different due dates of an open dossier, a week and more after the later word.
select
    f.dossier_code,
    'due_at' as field,
    f.due_at::text as value
from core.fct_dossier as f
where f.portal_disagreements @> '{due_date}' and f.state in ('processing', 'suspended')
    and greatest(f.province_said_at, f.national_said_at) < (select landing.horizon()::timestamp) - interval '7 days'
