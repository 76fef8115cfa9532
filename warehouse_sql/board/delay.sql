-- grain: one thing that a source stated of one dossier later than another.
-- Parameters: unit_keys, kind, source.
select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    d.source,
    s.source_name_vi,
    s.source_name_en,
    d.kind,
    coalesce(b.source_name_vi, d.stated_by) as stated_by_vi,
    coalesce(b.source_name_en, d.stated_by) as stated_by_en,
    d.stated_first_at,
    d.first_seen_at,
    round(extract(epoch from d.length) / 86400, 1) as delay_days
from mart.portal_delay as d
inner join mart.source as s on d.source = s.source
left join mart.source as b on d.stated_by = b.source
where (cast(:kind as text) is null or d.kind = cast(:kind as text))
    and (cast(:source as text) is null or d.source = cast(:source as text))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
