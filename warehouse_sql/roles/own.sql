-- Everything in the warehouse belongs to its owner group, which is no superuser; whoever migrates is only its hand.
-- Left as it is where the group is not there or the connected user does not belong to it.
-- Views and functions of the marts belong to a group of their own: they run with the rights of their owner, and to that of the
-- tables policies do not apply (rows.sql). On several servers there are no policies, and no such group is needed.
do $$
declare
    owner_name constant text := current_setting('motcua.granted_prefix') || '_owner';
    owner_id constant oid := (select oid from pg_roles where rolname = owner_name);
    mart_id constant oid := coalesce(
        (
            select oid
            from pg_roles
            where rolname = current_setting('motcua.granted_prefix') || '_mart' and pg_has_role(oid, 'member')
                and to_regclass('pg_catalog.pg_dist_partition') is null
        ), owner_id
    );
    mart_name constant text := pg_get_userbyid(mart_id);
    -- Views of core that marts and their functions read without any other condition on dossiers.
    for_marts constant text [] := array ['core.dossier_service', 'core.fct_dossier_all'];
    commands text [];
    command text;
begin
    if owner_id is null or not pg_has_role(owner_id, 'member') then
        return;
    end if;
    select array_agg(statement.line order by statement.step, statement.line)
    into commands
    from (
        -- A schema first: whoever is to own a table in it must be allowed to create there.
        select 1 as step, format('alter schema %I owner to %I', n.nspname, owner_name) as line
        from pg_namespace as n
        where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') and n.nspowner <> owner_id
        union all
        select 1, format('grant create on schema %I to %I', n.nspname, mart_name)
        from pg_namespace as n
        where n.nspname in ('core', 'mart', 'vi') and mart_id <> owner_id
        union all
        select 3, format('revoke create on schema %I from %I', n.nspname, mart_name)
        from pg_namespace as n
        where n.nspname in ('core', 'mart', 'vi') and mart_id <> owner_id
        union all
        select
            2,
            format(
                'alter %s %s owner to %I',
                case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass, w.owner_name
            )
        from pg_class as c
        inner join pg_namespace as n on c.relnamespace = n.oid
        cross join lateral (
            select case
                when c.relkind = 'v' and (n.nspname in ('mart', 'vi') or n.nspname || '.' || c.relname = any(for_marts)) then mart_name
                else owner_name
            end as owner_name
        ) as w
        where c.relkind in ('r', 'p', 'v', 'S') and pg_get_userbyid(c.relowner) <> w.owner_name
            and n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
            -- The sequence of a column goes with its table.
            and not exists (select from pg_depend as d where d.objid = c.oid and c.relkind = 'S' and d.deptype in ('a', 'i'))
        union all
        select 2, format('alter routine %s owner to %I', p.oid::regprocedure, w.owner_name)
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        cross join lateral (select case when n.nspname = 'mart' then mart_name else owner_name end as owner_name) as w
        where pg_get_userbyid(p.proowner) <> w.owner_name and n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
        union all
        select 2, format('alter type %s owner to %I', t.oid::regtype, owner_name)
        from pg_type as t
        inner join pg_namespace as n on t.typnamespace = n.oid
        inner join pg_class as c on t.typrelid = c.oid and c.relkind = 'c'
        where t.typowner <> owner_id and n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
    ) as statement;
    foreach command in array coalesce(commands, '{}') loop
        execute command;
    end loop;
end
$$;
