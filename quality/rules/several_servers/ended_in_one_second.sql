-- Ten dossiers or more of one unit finished in the same second, not at midnight sharp (a bare date).
-- Citus can't count for each dossier over several servers, so all dossiers are grouped at once.
with batch as (
    select
        unit_key,
        ended_at
    from core.fct_dossier
    where ended_at <> ended_at::date
    group by unit_key, ended_at
    having count(*) >= 10
)

select
    f.dossier_code,
    'ended_at' as field,
    f.ended_at::text as value
from core.fct_dossier as f
inner join batch as b on f.unit_key = b.unit_key and f.ended_at = b.ended_at
