-- What each group may do in the warehouse, complete: what was granted to the group before and is not listed here is gone.
-- Gone as well is what groups of another warehouse of this server may, as in a database that was copied from it.
-- A group that is not there is left out. Functions of mart run as their owner, the group `_mart`, which may only read, so that
-- readers of marts need no right to what these are made of; their search path is fixed, their arguments are values and never SQL.
do $$
declare
    prefix constant text := current_setting('motcua.granted_prefix');
    every_schema constant text := 'landing, history, core, mart, vi, ops';
    groups text [];
    strangers text [];
    rights constant text [] := array [
        '_reader: grant usage on schema mart, vi to %1$I',
        '_reader: grant select on all tables in schema mart, vi to %1$I',
        '_reader: grant execute on all functions in schema mart to %1$I',
        -- Policies (rows.sql) ask them; nobody reaches them by name without a right to the schema.
        '_reader: grant execute on function ops.sees_every_unit(), ops.visible_unit(), ops.visible_dossier() to %1$I',
        -- A reader, too. What assets/alerts/book.py and the board write; policies (rows.sql) say of which rows.
        '_board: grant usage on schema ops to %1$I',
        '_board: grant select on ops.board_account, ops.alert to %1$I',
        '_board: grant update (state, acknowledged_at, acknowledged_by, silenced_until) on ops.alert to %1$I',
        '_board: grant insert (at, alert_id, event, day, actor, detail) on ops.alert_event to %1$I',
        '_board: grant insert (account, dossier_code) on ops.board_access to %1$I',
        '_board: grant execute on function ops.viewer() to %1$I',
        '_mart: grant usage on schema landing, history, core, mart, vi, ops to %1$I',
        '_mart: grant select on all tables in schema history, core, mart, vi, ops to %1$I',
        '_mart: grant select on landing.export_file, landing.quarantine to %1$I',
        '_mart: revoke all on ops.board_account from %1$I',
        '_mart: grant execute on all functions in schema landing, history, core, mart, ops to %1$I',
        '_analyst: grant usage on schema landing, history, core, mart, vi, ops to %1$I',
        '_analyst: grant select on all tables in schema history, core, mart, vi, ops to %1$I',
        -- information_schema shows keys only to whoever may do more than read. To refer to a table takes one of one's own, and
        -- an analyst can make none.
        '_analyst: grant references on all tables in schema core, mart to %1$I',
        '_analyst: grant select on landing.export_file, landing.quarantine to %1$I',
        -- Hashes of passwords.
        '_analyst: revoke all on ops.board_account from %1$I',
        '_analyst: grant execute on all functions in schema landing, history, core, mart, ops to %1$I',
        '_loader: grant usage on schema landing, history, core, mart, ops, public to %1$I',
        '_loader: grant select, insert, update, delete, truncate on all tables in schema landing, history, core, mart, ops to %1$I',
        '_loader: grant execute on all functions in schema landing, history, core, mart, ops to %1$I',
        '_loader: grant usage on all sequences in schema core to %1$I',
        '_loader: grant select on public.alembic_version to %1$I'
    ];
    line text;
begin
    select array_agg(rolname::text)
    into groups
    from pg_roles
    where rolname = any(
        array [
            prefix || '_reader', prefix || '_unit_reader', prefix || '_analyst', prefix || '_loader', prefix || '_mart', prefix || '_board'
        ]
    );
    -- A warehouse has all of these groups: a role that is merely called like one is none.
    select array_agg(g.name)
    into strangers
    from (
        select r.rolname::text as name, regexp_replace(r.rolname, '_(unit_reader|reader|analyst|loader|owner|mart|board)$', '') as prefix
        from (
            select c.relacl as acl
            from pg_class as c
            inner join pg_namespace as n on c.relnamespace = n.oid
            where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') or c.oid = to_regclass('public.alembic_version')
            union all
            select p.proacl
            from pg_proc as p
            inner join pg_namespace as n on p.pronamespace = n.oid
            where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
            union all
            select n.nspacl from pg_namespace as n where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops', 'public')
        ) as o
        cross join lateral aclexplode(o.acl) as a
        inner join pg_roles as r on a.grantee = r.oid
        group by r.rolname
    ) as g
    where g.prefix not in (g.name, current_setting('motcua.granted_prefix'))
        and (
            select count(*) = 4
            from pg_roles as r
            where r.rolname in (g.prefix || '_reader', g.prefix || '_analyst', g.prefix || '_loader', g.prefix || '_owner')
        );
    foreach line in array coalesce(groups, '{}') || coalesce(strangers, '{}') loop
        execute format('revoke all on all tables in schema %s from %I', every_schema, line);
        execute format('revoke all on all functions in schema %s from %I', every_schema, line);
        execute format('revoke all on all sequences in schema %s from %I', every_schema, line);
        execute format('revoke all on schema %s from %I', every_schema, line);
    end loop;
    foreach line in array coalesce(strangers, '{}') loop
        execute format('revoke all on schema public from %I', line);
        execute format('revoke all on public.alembic_version from %I', line);
    end loop;
    execute format('revoke all on schema %s from public', every_schema);
    execute format('revoke all on all functions in schema %s from public', every_schema);
    foreach line in array rights loop
        if prefix || split_part(line, ':', 1) = any(groups) then
            execute format(substr(line, strpos(line, ':') + 2), prefix || split_part(line, ':', 1));
        end if;
        -- The same as all readers, but only where policies keep the rows of other units from them.
        if split_part(line, ':', 1) = '_reader' and current_setting('motcua.rows_are_limited')::boolean then
            execute format(substr(line, strpos(line, ':') + 2), prefix || '_unit_reader');
        end if;
    end loop;
    if current_setting('server_version_num')::integer >= 170000 and prefix || '_loader' = any(groups) then
        execute format('grant maintain on all tables in schema %s to %I', every_schema, prefix || '_loader');
    end if;
    for line in
        select format(
            'alter routine %s security %s set search_path = pg_catalog, pg_temp', p.oid::regprocedure,
            case when r.rolsuper then 'invoker' else 'definer' end
        )
        from pg_proc as p
        inner join pg_namespace as n on p.pronamespace = n.oid
        inner join pg_roles as r on p.proowner = r.oid
        where n.nspname = 'mart' and p.prosecdef = r.rolsuper
    loop
        execute line;
    end loop;
end
$$;
