-- Everything in the warehouse belongs to its owner group, which is no superuser; whoever migrates is only its hand.
-- Left as it is where the group is not there or the connected user does not belong to it.
do $$
declare
    owner_name constant text := current_setting('motcua.granted_prefix') || '_owner';
    owner_id constant oid := (select oid from pg_roles where rolname = owner_name);
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
        where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and n.nspowner <> owner_id
        union all
        select
            2,
            format(
                'alter %s %s owner to %I',
                case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass, owner_name
            )
        from pg_class as c
        inner join pg_namespace as n on c.relnamespace = n.oid
        where c.relkind in ('r', 'p', 'v', 'S') and c.relowner <> owner_id
            and n.nspname in ('landing', 'history', 'core', 'mart', 'ops')
            -- The sequence of a column goes with its table.
            and not exists (select from pg_depend as d where d.objid = c.oid and c.relkind = 'S' and d.deptype in ('a', 'i'))
        union all
        select 2, format('alter routine %s owner to %I', p.oid::regprocedure, owner_name)
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        where p.proowner <> owner_id and n.nspname in ('landing', 'history', 'core', 'mart', 'ops')
        union all
        select 2, format('alter type %s owner to %I', t.oid::regtype, owner_name)
        from pg_type as t
        inner join pg_namespace as n on t.typnamespace = n.oid
        inner join pg_class as c on t.typrelid = c.oid and c.relkind = 'c'
        where t.typowner <> owner_id and n.nspname in ('landing', 'history', 'core', 'mart', 'ops')
    ) as statement;
    foreach command in array coalesce(commands, '{}') loop
        execute command;
    end loop;
end
$$;
