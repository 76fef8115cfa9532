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
        select format('drop routine if exists %s cascade', p.oid::regprocedure) as command
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        where n.nspname in ('landing', 'history', 'core', 'mart', 'ops')
        -- the youngest first: a routine that was gone with what it calls would have no name any more
        order by p.oid desc
    loop
        execute found.command;
    end loop;
end
$$;
