-- grain: one dossier and one thing on which the last words of the two portals differ, what they say in both languages.
-- Parameters: unit_keys, kind, dossier_code.
select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    d.kind,
    d.province_says as province_says_vi,
    case d.kind
        when 'status' then p.status_name_en
        when 'due_date' then to_char(to_timestamp(d.province_says, 'DD/MM/YYYY HH24:MI'), 'DD Mon YYYY HH24:MI')
    end as province_says_en,
    d.national_says as national_says_vi,
    case d.kind
        when 'status' then n.status_name_en
        when 'due_date' then to_char(to_timestamp(d.national_says, 'DD/MM/YYYY HH24:MI'), 'DD Mon YYYY HH24:MI')
    end as national_says_en,
    d.province_said_at,
    d.national_said_at
from mart.portal_disagreement as d
left join mart.status as p on d.province_says = p.status_name_vi
left join mart.status as n on d.national_says = n.status_name_vi
where (cast(:kind as text) is null or d.kind = cast(:kind as text))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
    and (cast(:dossier_code as text) is null or d.dossier_code = cast(:dossier_code as text))
