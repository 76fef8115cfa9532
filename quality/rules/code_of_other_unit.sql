-- A dossier code of another commune's desk than the commune that received it. A desk may well hand on to a district.
select
    f.dossier_code,
    'dossier_code' as field,
    g.organisation_name as value
from core.fct_dossier as f
inner join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
inner join core.organisation as g on split_part(f.dossier_code, '-', 1) = g.organisation_code
where g.kind = 'commune_desk' and u.level = 'commune'
    and f.received_at >= g.valid_from and f.received_at < g.valid_to
    and (g.unit_code, g.unit_valid_from) is distinct from (f.unit_code, f.unit_valid_from)
