-- grain: one kind of thing that a source stated later than another.
-- Parameters: unit_keys.
select
    d.source,
    min(s.source_name_vi) as source_name_vi,
    min(s.source_name_en) as source_name_en,
    d.kind,
    count(*) as dossiers,
    cast(percentile_cont(0.5) within group (order by extract(epoch from d.length)) / 86400 as numeric) as median_days
from mart.portal_delay as d
inner join mart.source as s on d.source = s.source
where (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by d.source, d.kind
