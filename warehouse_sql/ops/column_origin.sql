-- grain: one column of the named tables that is a key of another table.
select
    n.nspname || '.' || c.relname as name,
    a.attname as column_name,
    o.nspname || '.' || r.relname as origin,
    b.attname as origin_column
from pg_constraint as k
inner join pg_class as c on k.conrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_class as r on k.confrelid = r.oid
inner join pg_namespace as o on r.relnamespace = o.oid
cross join lateral unnest(k.conkey, k.confkey) as u (mine, theirs)
inner join pg_attribute as a on k.conrelid = a.attrelid and u.mine = a.attnum
inner join pg_attribute as b on k.confrelid = b.attrelid and u.theirs = b.attnum
where k.contype = 'f' and n.nspname || '.' || c.relname = any(:names)
order by name, column_name, origin, origin_column;

-- grain: one of the named views, with its query.
select n.nspname || '.' || c.relname as name, pg_get_viewdef(c.oid) as definition
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where c.relkind = 'v' and n.nspname || '.' || c.relname = any(:names)
order by name;

-- grain: one column of the tables.
select
    cast(c.oid as bigint) as table_oid,
    a.attnum as column_no,
    n.nspname || '.' || c.relname as name,
    a.attname as column_name
from pg_attribute as a
inner join pg_class as c on a.attrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where a.attnum > 0 and c.oid = any(cast(:tables as bigint []));
