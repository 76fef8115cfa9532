-- grain: one dossier that is due within some working days (at most three) of the last day counted.
-- Parameters: unit_keys, days.
select
    s.dossier_code,
    s.unit_code,
    s.unit_valid_from,
    s.unit_name,
    p.procedure_name,
    s.due_at,
    s.working_days_left,
    s.probability as risk
from mart.due_soon as s
left join mart.procedure as p on s.procedure_key = p.procedure_key
where s.working_days_left <= cast(:days as integer)
    and (cast(:unit_keys as bigint []) is null or s.unit_key = any(cast(:unit_keys as bigint [])))
