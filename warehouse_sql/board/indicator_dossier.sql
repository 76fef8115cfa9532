-- grain: one dossier behind one part of one indicator of QĐ 766/QĐ-TTg.
-- Parameters: kind (the indicator), figure (numerator, denominator or unknown_count), date_from, date_to, known_at, unit_keys.
select
    i.dossier_code,
    i.unit_key,
    i.procedure_key,
    u.unit_name,
    p.procedure_name,
    i.received_at,
    i.ended_at,
    i.quantity as adds
from mart.indicator_dossier(
    :kind, :figure, :date_from, :date_to, cast(:known_at as timestamptz), cast(:unit_keys as bigint [])
) as i
inner join mart.unit as u on i.unit_key = u.unit_key
left join mart.procedure as p on i.procedure_key = p.procedure_key
