-- grain: one thing on which the portals differ.
-- Parameters: unit_keys.
select
    d.kind,
    count(*) as dossiers
from mart.portal_disagreement as d
where (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by d.kind
