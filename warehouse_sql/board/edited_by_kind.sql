-- grain: one kind of change that needs a look, of one source.
-- Parameters: known_at, unit_keys.
select
    e.source,
    e.kind,
    count(*) as changes,
    count(distinct e.dossier_code) as dossiers
from mart.edited_as_known(cast(:known_at as timestamptz)) as e
left join mart.dossier as d on e.dossier_code = d.dossier_code
where (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by e.source, e.kind
