-- grain: one dossier and one thing on which the last words of the two portals differ, what they say in both languages.
-- Parameters: unit_keys, kind, dossier_code.
select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    d.kind,
    d.province_says as province_says_vi,
    d.province_says_en,
    d.national_says as national_says_vi,
    d.national_says_en,
    d.province_said_at,
    d.national_said_at
from mart.portal_disagreement as d
where (cast(:kind as text) is null or d.kind = cast(:kind as text))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
    and (cast(:dossier_code as text) is null or d.dossier_code = cast(:dossier_code as text))
