-- grain: one table, view or function that the group of analysts may read, with its description; for_readers: so may readers of marts.
-- Parameters: analyst, reader: names of the groups; where there is no such group, everything.
select
    n.nspname as schema_name,
    c.relname as name,
    cast(c.oid as bigint) as oid,
    case c.relkind when 'v' then 'view' else 'table' end as kind,
    coalesce(has_table_privilege(g.reader, c.oid, 'select'), n.nspname = 'mart') as for_readers,
    '' as arguments,
    '' as result,
    obj_description(c.oid, 'pg_class') as description,
    case c.relkind when 'v' then pg_get_viewdef(c.oid) else '' end as body,
    cast(c.oid as bigint) as columns_of
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
cross join (
    select cast(to_regrole(:analyst) as oid) as analyst, cast(to_regrole(:reader) as oid) as reader
) as g
where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
    and coalesce(has_table_privilege(g.analyst, c.oid, 'select'), true)
union all
select
    n.nspname,
    p.proname,
    cast(p.oid as bigint),
    'function',
    coalesce(has_function_privilege(g.reader, p.oid, 'execute'), n.nspname = 'mart'),
    pg_get_function_arguments(p.oid),
    pg_get_function_result(p.oid),
    obj_description(p.oid, 'pg_proc'),
    p.prosrc,
    cast(nullif(t.typrelid, 0) as bigint)
from pg_proc as p
inner join pg_namespace as n on p.pronamespace = n.oid
inner join pg_type as t on p.prorettype = t.oid
cross join (
    select cast(to_regrole(:analyst) as oid) as analyst, cast(to_regrole(:reader) as oid) as reader
) as g
where n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
    and coalesce(has_function_privilege(g.analyst, p.oid, 'execute'), true)
order by schema_name, name;

-- grain: one column of a table or view, or of what a function returns as a table.
select
    cast(a.attrelid as bigint) as oid,
    a.attnum as place,
    a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as is_nullable,
    col_description(a.attrelid, a.attnum) as description
from pg_attribute as a
inner join pg_class as c on a.attrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
    and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
union all
select cast(p.oid as bigint), u.place, u.name, format_type(u.type, null), true, null
from pg_proc as p
inner join pg_namespace as n on p.pronamespace = n.oid
cross join lateral unnest(p.proallargtypes, p.proargmodes, p.proargnames) with ordinality as u (type, mode, name, place)
where u.mode = 't' and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
order by oid, place;

-- grain: one primary, unique or foreign key, with its columns in order and the table that a foreign one refers to.
select
    cast(k.conrelid as bigint) as oid,
    cast(k.contype as text) as kind,
    (
        select array_agg(cast(a.attname as text) order by u.place)
        from unnest(k.conkey) with ordinality as u (attnum, place)
        inner join pg_attribute as a on k.conrelid = a.attrelid and u.attnum = a.attnum
    ) as columns,
    o.nspname || '.' || r.relname as refers_to
from pg_constraint as k
inner join pg_namespace as n on k.connamespace = n.oid
left join pg_class as r on k.confrelid = r.oid
left join pg_namespace as o on r.relnamespace = o.oid
where k.contype in ('p', 'u', 'f') and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
order by oid, array_position(array['p', 'u', 'f'], cast(k.contype as text)), columns
