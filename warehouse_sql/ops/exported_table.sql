-- grain: one table of core, table or view of mart, or view of vi, that this login may read, with its description and columns; what runs keep
-- for themselves is left out.
select
    n.nspname || '.' || c.relname as name,
    coalesce(obj_description(c.oid, 'pg_class'), '') as description,
    (
        select
            jsonb_agg(
                jsonb_build_object(
                    'name', a.attname,
                    'type', format_type(a.atttypid, a.atttypmod),
                    'required', a.attnotnull,
                    'description', coalesce(col_description(c.oid, a.attnum), '')
                )
                order by a.attnum
            )
        from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where (n.nspname = 'core' and c.relkind in ('r', 'p') or n.nspname in ('mart', 'vi') and c.relkind in ('r', 'p', 'v', 'm'))
    and c.relname !~ '^(staged_|touched_|bucket_)'
    and not c.relispartition
    and has_table_privilege(c.oid, 'select')
order by name;
