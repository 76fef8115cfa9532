-- grain: one column of a table or view, with its description, null where it has none.
select
    n.nspname || '.' || c.relname as name,
    c.relkind = 'v' as is_of_view,
    a.attname as column_name,
    col_description(c.oid, a.attnum) as description
from pg_attribute as a
inner join pg_class as c on a.attrelid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')
    and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi');
