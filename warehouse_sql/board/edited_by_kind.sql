-- grain: one kind of change that needs a look, of one source.
-- Parameters: known_at, unit_keys.
select
    e.source,
    min(s.source_name_vi) as source_name_vi,
    min(s.source_name_en) as source_name_en,
    e.kind,
    count(*) as changes,
    count(distinct e.dossier_code) as dossiers
from mart.edited_as_known(cast(:known_at as timestamptz)) as e
inner join mart.source as s on e.source = s.source
left join mart.dossier as d on e.dossier_code = d.dossier_code
where (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by e.source, e.kind
