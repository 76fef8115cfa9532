-- Ten dossiers or more of one unit finished in the same second, not at midnight sharp (a bare date).
select
    f.dossier_code,
    'ended_at' as field,
    f.ended_at::text as value
from core.fct_dossier as f
-- Counted for each dossier by an index: on most nights only the few dossiers that changed are checked.
cross join lateral (
    select count(*) as dossiers
    from core.fct_dossier as o
    where o.unit_code = f.unit_code and o.unit_valid_from = f.unit_valid_from and o.ended_at = f.ended_at
) as together
where f.ended_at <> f.ended_at::date and together.dossiers >= 10
