-- grain: one dossier that is due within some working days (at most three) of the last day counted.
-- Open dossiers as facts have them; mart.due_soon, made after the facts of a run, gives the estimate.
-- Parameters: unit_keys, days.
select
    o.dossier_code,
    o.unit_code,
    o.unit_valid_from,
    o.unit_name,
    o.procedure_name,
    o.due_at,
    o.working_days_left,
    s.probability as risk
from mart.open_dossier as o
left join mart.due_soon as s on o.dossier_code = s.dossier_code and o.as_of = s.as_of
where o.working_days_left between 1 and least(cast(:days as integer), 3)
    and (cast(:unit_keys as bigint []) is null or o.unit_key = any(cast(:unit_keys as bigint [])))
