-- Which rows each group sees, complete: of every table with a unit or a dossier, a login that is limited to units sees those of its
-- units. `(select …)` is asked once a query, and its answer is true for everybody else; nobody's policy concerns the
-- owner of the tables, and those of loaders and analysts are always true. What is not in the list below has no policy.
-- Where a group is missing, or tables lie on several servers, there are none; then readers by unit may read nothing (grant.sql).
do $$
declare
    prefix constant text := current_setting('motcua.granted_prefix');
    wanted constant text [] := array [
        prefix || '_reader', prefix || '_unit_reader', prefix || '_mart', prefix || '_analyst', prefix || '_loader', prefix || '_owner'
    ];
    board constant text := (select rolname from pg_roles where rolname = prefix || '_board');
    -- Who is served by the board and may do something about alerts.
    may_act constant text := '(select ops.viewer()) = ''board:*'' or exists (select from ops.board_account as b'
        ' where ''board:'' || b.name = (select ops.viewer()) and b.may_acknowledge and b.closed_at is null)';
    is_limited constant boolean := to_regclass('pg_catalog.pg_dist_partition') is null
        and (select count(*) = cardinality(wanted) from pg_roles where rolname = any(wanted));
    -- Reference data, the same for all.
    open_ones constant text [] := array ['core.dim_unit', 'core.organisation', 'core.unit_alias', 'core.unit_resolution', 'ops.login_unit'];
    target record;
begin
    perform set_config('motcua.rows_are_limited', is_limited::text, true);
    for target in
        select
            c.oid::regclass as name,
            c.relrowsecurity as has_policies,
            case
                when not is_limited or n.nspname || '.' || c.relname = any(open_ones) or c.relpersistence <> 'p' then null
                -- Of the alerts that one sees.
                when n.nspname || '.' || c.relname = 'ops.alert_event' then 'alert_id in (select s.alert_id from ops.alert as s)'
                when 'unit_key' = any(k.columns) then 'unit_key = any(array(select v.unit_key from ops.visible_unit() as v))'
                when k.columns @> '{unit_code,unit_valid_from}'
                    then '(unit_code, unit_valid_from) in (select v.unit_code, v.valid_from from ops.visible_unit() as v)'
                when 'dossier_code' = any(k.columns)
                    then 'dossier_code in (select v.dossier_code from ops.visible_dossier() as v)'
                when 'unit_code' = any(k.columns) then 'unit_code in (select v.unit_code from ops.visible_unit() as v)'
            end as condition
        from pg_class as c
        inner join pg_namespace as n on c.relnamespace = n.oid
        cross join lateral (
            select array_agg(a.attname::text) as columns
            from pg_attribute as a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        ) as k
        where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and c.relkind = 'r'
        order by 1
    loop
        if target.condition is null and not target.has_policies then
            continue;
        end if;
        execute format('drop policy if exists of_units on %s', target.name);
        execute format('drop policy if exists all_rows on %s', target.name);
        execute format('drop policy if exists of_board on %s', target.name);
        if target.condition is null then
            execute format('alter table %s disable row level security', target.name);
            continue;
        end if;
        execute format(
            'create policy of_units on %s for select to %I, %I, %I using ((select ops.sees_every_unit()) or %s)',
            target.name, prefix || '_reader', prefix || '_unit_reader', prefix || '_mart', target.condition
        );
        execute format(
            'create policy all_rows on %s to %I, %I using (true) with check (true)',
            target.name, prefix || '_analyst', prefix || '_loader'
        );
        -- What the board writes is of rows that its viewer sees; whose look at a dossier it notes is the viewer's.
        if board is not null and target.name = 'ops.alert'::regclass then
            execute format(
                'create policy of_board on %s for update to %I using (((select ops.sees_every_unit()) or %s) and (%s))',
                target.name, board, target.condition, may_act
            );
        elsif board is not null and target.name = 'ops.alert_event'::regclass then
            execute format(
                'create policy of_board on %s for insert to %I with check (%s and (%s))', target.name, board, target.condition, may_act
            );
        elsif board is not null and target.name = 'ops.board_access'::regclass then
            execute format(
                'create policy of_board on %s for insert to %I with check (((select ops.sees_every_unit()) or %s) and %s)',
                target.name, board, target.condition, '(select ops.viewer()) in (''board:*'', ''board:'' || account)'
            );
        end if;
        execute format('alter table %s enable row level security', target.name);
    end loop;
end
$$;
