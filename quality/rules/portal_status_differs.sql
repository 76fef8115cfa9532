-- The two portals say different statuses, a week and more after the later word.
select
    f.dossier_code,
    'national_status' as field,
    f.national_status::text as value
from core.fct_dossier as f
where f.portal_disagreements @> '{status}'
    and greatest(f.province_said_at, f.national_said_at) < (select landing.horizon()::timestamp) - interval '7 days'
