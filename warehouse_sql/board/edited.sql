-- grain: one change of one dossier in the statements of one source that needs a look.
-- Parameters: known_at, unit_keys, kind, source.
select
    e.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    e.source,
    s.source_name_vi,
    s.source_name_en,
    e.kind,
    e.old_value,
    e.new_value,
    e.last_seen_before,
    e.first_seen_at
from mart.edited_as_known(cast(:known_at as timestamptz)) as e
inner join mart.source as s on e.source = s.source
left join mart.dossier as d on e.dossier_code = d.dossier_code
where (cast(:kind as text) is null or e.kind = cast(:kind as text))
    and (cast(:source as text) is null or e.source = cast(:source as text))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
