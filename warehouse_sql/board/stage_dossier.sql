-- grain: one stage of one dossier that began in the period.
-- Parameters: date_from, date_to, known_at, unit_keys, status, department (none: every one), kind (still_open: those that have not ended).
select
    s.dossier_code,
    u.unit_name,
    p.procedure_name,
    n.status_name_vi,
    n.status_name_en,
    s.department,
    s.began_at,
    s.until_at,
    round(s.working_minutes / 60.0, 1) as hours
from mart.stage(:date_from, :date_to, cast(:known_at as timestamptz), cast(:unit_keys as bigint [])) as s
inner join mart.unit as u on s.unit_key = u.unit_key
inner join mart.status as n on s.status = n.status
left join mart.procedure as p on s.procedure_key = p.procedure_key
where (cast(:status as smallint) is null or s.status = cast(:status as smallint))
    and (cast(:department as text) is null or s.department = cast(:department as text))
    and (cast(:kind as text) is distinct from 'still_open' or not s.is_ended)
