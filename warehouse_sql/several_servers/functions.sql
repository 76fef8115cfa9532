-- Functions in SQL as PL/pgSQL: on several servers a query in a function of SQL can't have parameters. On one server they stay
-- as they are written, since PostgreSQL takes those into the query that calls them.
do $$
declare
    written record;
begin
    for written in
        select
            p.prosrc as body, p.proretset as is_table,
            replace(
                left(pg_get_functiondef(p.oid), strpos(pg_get_functiondef(p.oid), 'AS $function$') - 1), 'LANGUAGE sql', 'LANGUAGE plpgsql'
            ) as head
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        inner join pg_language as l on p.prolang = l.oid
        where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and l.lanname = 'sql' and p.prokind = 'f'
    loop
        execute written.head || 'set plan_cache_mode = force_custom_plan as ' || quote_literal(
            E'\n#variable_conflict use_column\nbegin\n'
            || case when written.is_table then 'return query' else 'return (' end || written.body
            || case when written.is_table then ';' else ');' end || E'\nend\n'
        );
    end loop;
end
$$;
