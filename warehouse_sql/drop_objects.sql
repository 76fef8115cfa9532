-- All views and functions of the warehouse; they are made again right after, in the same transaction.
do $$
declare
    -- Named before the first one goes: what went with another has no name to be dropped by any more.
    commands constant text [] := array(
        select format('drop view if exists %I.%I cascade', schemaname, viewname)
        from pg_views
        where schemaname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
    ) || array(
        select format('drop routine if exists %s cascade', p.oid::regprocedure)
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
    );
    command text;
begin
    foreach command in array commands loop
        execute command;
    end loop;
end
$$;
