-- grain: one dossier whose code begins or ends with what was typed, or that travels under that very code.
-- Parameters: words, most.
select
    d.dossier_code,
    d.unit_name,
    d.procedure_name,
    n.status_name_vi,
    n.status_name_en,
    d.received_at
from mart.dossier as d
inner join mart.status as n on d.status = n.status
where d.dossier_code = mart.dossier_code_of(upper(:words))
    or d.dossier_code = mart.dossier_code_of(:words)
    or (length(:words) >= 4 and (starts_with(d.dossier_code, upper(:words)) or right(d.dossier_code, length(:words)) = upper(:words)))
order by d.dossier_code
limit cast(:most as bigint)
