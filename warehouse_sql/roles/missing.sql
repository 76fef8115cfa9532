-- grain: one statement that roles, memberships and rights on the database still need, in the order to run them.
-- Parameters: prefix; run_login (null: the connected user).
with
wanted_role as (
    select cast(:prefix as text) || w.suffix as name, w.suffix, w.place, w.attributes
    from
        (
            values
            ('_reader', 1, 'nologin'), ('_analyst', 2, 'nologin'), ('_loader', 3, 'nologin'), ('_owner', 4, 'nologin'),
            ('_query', 5, 'login connection limit 20'), ('_unit_reader', 6, 'nologin'), ('_mart', 7, 'nologin'),
            -- The embedded server has 60 connections, and a nightly run needs some.
            ('_board', 8, 'login connection limit 40')
        ) as w (suffix, place, attributes)
),

role_state as (
    select w.*, r.oid, r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls as is_mighty
    from wanted_role as w
    left join pg_roles as r on w.name = r.rolname
),

run_login as (
    select
        coalesce(cast(:run_login as text), cast(current_user as text)) as name,
        coalesce(
            (
                select r.rolsuper or exists (
                    select 1 from role_state as s
                    where s.suffix in ('_owner', '_loader') and s.oid is not null and pg_has_role(r.oid, s.oid, 'member')
                )
                from pg_roles as r
                where r.rolname = coalesce(cast(:run_login as text), cast(current_user as text))
            ), false
        ) as may_load
),

wanted_member as (
    select granted.name as granted, member.name as member
    from
        (
            values
            ('_reader', '_analyst'), ('_reader', '_loader'), ('_analyst', '_query'), ('_reader', '_board'), ('_mart', '_owner')
        ) as w (granted, member)
    inner join role_state as granted on w.granted = granted.suffix
    inner join role_state as member on w.member = member.suffix
    union all
    select s.name as granted, l.name as member
    from run_login as l
    cross join role_state as s
    where not l.may_load and s.suffix in ('_owner', '_loader')
),

database_acl as (
    select d.datname, a.grantee, a.privilege_type
    from pg_database as d
    cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
    where d.datname = current_database()
),

wanted_right as (
    select s.name, s.oid, w.right_name, s.place
    from
        (
            values
            ('_reader', 'CONNECT'), ('_unit_reader', 'CONNECT'), ('_analyst', 'CONNECT'), ('_loader', 'CONNECT'), ('_loader', 'TEMPORARY'),
            ('_owner', 'CONNECT'), ('_owner', 'TEMPORARY'), ('_owner', 'CREATE')
        ) as w (suffix, right_name)
    inner join role_state as s on w.suffix = s.suffix
),

statement as (
    select 1 as step, s.place, format('create role %I %s', s.name, s.attributes) as command
    from role_state as s
    where s.oid is null
    union all
    select 2, s.place, format('alter role %I nosuperuser nocreaterole nocreatedb noreplication nobypassrls', s.name)
    from role_state as s
    where s.is_mighty
    union all
    select
        3, row_number() over (order by w.suffix desc, w.setting asc),
        format('alter role %I set %I = %L', s.name, split_part(w.setting, '=', 1), split_part(w.setting, '=', 2))
    from role_state as s
    inner join
        (
            values
            ('_query', 'default_transaction_read_only=on'), ('_query', 'statement_timeout=60s'),
            ('_board', 'default_transaction_read_only=on'), ('_board', 'statement_timeout=30s')
        ) as w (suffix, setting) on s.suffix = w.suffix
    where not exists (
        select 1
        from pg_db_role_setting as d
        where d.setrole = s.oid and d.setdatabase = 0 and w.setting = any(d.setconfig)
    )
    union all
    select 4, row_number() over (order by w.granted, w.member), format('grant %I to %I', w.granted, w.member)
    from wanted_member as w
    where not exists (
        select 1
        from pg_auth_members as a
        inner join pg_roles as granted on a.roleid = granted.oid
        inner join pg_roles as member on a.member = member.oid
        where granted.rolname = w.granted and member.rolname = w.member
    )
    union all
    select
        5, min(w.place),
        format('grant %s on database %I to %I', string_agg(lower(w.right_name), ', ' order by w.right_name),
            current_database(), w.name)
    from wanted_right as w
    where not exists (
        select 1 from database_acl as a where a.grantee = w.oid and a.privilege_type = w.right_name
    )
    group by w.name
    union all
    select 6, 1, format('revoke connect, temporary on database %I from public', current_database())
    from database_acl as a
    where a.grantee = 0 and a.privilege_type in ('CONNECT', 'TEMPORARY')
    group by a.datname
    union all
    select 7, 1, 'revoke create on schema public from public'
    from pg_namespace as n
    cross join lateral aclexplode(n.nspacl) as a
    where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'
)

select command from statement order by step, place, command
