-- All views and functions of the warehouse; they are made again right after, in the same transaction.
do $$
declare
    found record;
begin
    for found in
        select format('drop view if exists %I.%I cascade', schemaname, viewname) as command
        from pg_views
        where schemaname in ('landing', 'history', 'core', 'mart', 'ops')
    loop
        execute found.command;
    end loop;
    for found in
        select p.oid
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        where n.nspname in ('landing', 'history', 'core', 'mart', 'ops')
    loop
        -- One that another was written upon has gone with it.
        if exists (select 1 from pg_proc as p where p.oid = found.oid) then
            execute format('drop routine %s cascade', found.oid::regprocedure);
        end if;
    end loop;
end
$$;
