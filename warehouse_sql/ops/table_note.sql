-- grain: one table or view of those named, with its description and columns as the database keeps them.
select
    n.nspname || '.' || c.relname as name,
    -- a view that only adds a mark has the rows of the table below it; of months a row for each of their rule sets
    coalesce(
        case
            when n.nspname || '.' || c.relname = 'mart.overdue_daily'
                then (select b.reltuples from pg_class as b where b.oid = to_regclass('mart.overdue_stock'))
            when n.nspname || '.' || c.relname = 'mart.timeliness_month'
                then (
                    select sum(t.row_count)
                    from (select rule_sets, count(*) as row_count from mart.timeliness_count group by rule_sets) as t
                    inner join core.rule_set as r on t.rule_sets & r.bit <> 0
                )
        end,
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
