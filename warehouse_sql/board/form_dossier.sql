-- grain: one dossier behind a figure of the form.
-- Parameters: figure, date_from, date_to, rule_set, known_at, unit_keys, sector, procedure, channel.
select
    f.dossier_code,
    u.unit_code,
    u.valid_from as unit_valid_from,
    u.unit_name,
    p.procedure_name,
    p.sector_name,
    f.quantity,
    f.counted_on,
    f.received_at,
    f.due_at,
    f.ended_at,
    s.status_name_vi,
    s.status_name_en
from mart.form_dossier(
    :figure, :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text),
    cast(:procedure as text), case when cast(:channel as smallint) is not null then array [cast(:channel as smallint)] end
) as f
inner join mart.unit as u on f.unit_key = u.unit_key
left join mart.procedure as p on f.procedure_key = p.procedure_key
left join mart.status as s on f.status = s.status
