-- grain: one row: what the rules on what is published depend on, each part as a number or a digest of its rows.
-- Facts by how often they changed (assets/facts/changes.py), files by the last that was taken in.
select
    (select s.value from ops.setting as s where s.name = 'facts_change') as facts_change,
    (select landing.horizon()) as horizon,
    f.files,
    f.loaded_at,
    (select sum(hashtextextended(cast(u as text), 0)) from core.dim_unit as u) as units,
    (select sum(hashtextextended(cast(o as text), 0)) from core.organisation as o) as organisations,
    (select sum(hashtextextended(cast(s as text), 0)) from core.dim_source as s) as sources
from (select count(*) as files, max(loaded_at) as loaded_at from landing.export_file) as f;
