-- grain: one table or view of those named, with its description and columns as the database keeps them.
select
    n.nspname || '.' || c.relname as name,
    -- a view that only adds a mark has the rows of the table below it
    coalesce(
        (
            select b.reltuples
            from (
                values ('mart.overdue_daily', 'mart.overdue_stock'), ('mart.timeliness_month', 'mart.timeliness_count')
            ) as v (marked, stored)
            inner join pg_class as b on b.oid = v.stored::regclass
            where v.marked = n.nspname || '.' || c.relname
        ),
        c.reltuples
    ) as estimated_rows,
    obj_description(c.oid, 'pg_class') as description,
    (
        select
            jsonb_agg(
                jsonb_build_array(
                    a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull, col_description(c.oid, a.attnum)
                )
                order by a.attnum
            )
        from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname || '.' || c.relname = any(:names) and c.relkind in ('r', 'v', 'm', 'p');
