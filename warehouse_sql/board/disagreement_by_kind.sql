-- grain: one thing on which the portals differ.
-- Parameters: unit_keys.
select
    k.kind,
    count(*) as dossiers
from mart.dossier as d
cross join lateral unnest(d.portal_disagreements) as k (kind)
where (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by k.kind
