-- grain: one table of the warehouse, or of its database's catalogue, that the connected user may vacuum and in which more than a
-- fifth of the rows are dead, as autovacuum counts by default. is_half_dead: about half of them or more, of a table of
-- 16 MB and more.
select
    cast(cast(s.relid as regclass) as text) as table_name,
    s.schemaname <> 'pg_catalog' and s.n_dead_tup > 0.8 * s.n_live_tup and pg_table_size(s.relid) >= 16 * 1024 * 1024 as is_half_dead
from pg_stat_all_tables as s
inner join pg_class as c on s.relid = c.oid
inner join pg_database as d on d.datname = current_database()
where s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
    and s.schemaname in ('landing', 'history', 'core', 'mart', 'ops', 'pg_catalog')
    and not c.relisshared
    and (pg_has_role(c.relowner, 'usage') or pg_has_role(d.datdba, 'usage'))
order by s.schemaname, s.relname
