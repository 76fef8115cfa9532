-- grain: one row: what the rules on what is published depend on. Facts by how often they changed (assets/facts/changes.py); the
-- rest is of all dossiers: the week, for rules that wait, and what rules read besides facts, each as a digest of its rows.
select
    (select s.value from ops.setting as s where s.name = 'facts_change') as facts_change,
    (select date_trunc('week', landing.horizon())) as week,
    (select sum(hashtextextended(cast(u as text), 0)) from core.dim_unit as u) as units,
    (select sum(hashtextextended(cast(o as text), 0)) from core.organisation as o) as organisations,
    (select sum(hashtextextended(cast(s as text), 0)) from core.dim_source as s) as sources;
