-- Ten dossiers or more of one unit finished in the same second, not at midnight sharp (a bare date).
with batch as (
    select
        unit_code,
        unit_valid_from,
        ended_at
    from core.fct_dossier
    where ended_at <> ended_at::date
    group by unit_code, unit_valid_from, ended_at
    having count(*) >= 10
)

select
    f.dossier_code,
    'ended_at' as field,
    f.ended_at::text as value
from core.fct_dossier as f
inner join batch as b on f.unit_code = b.unit_code and f.unit_valid_from = b.unit_valid_from and f.ended_at = b.ended_at
