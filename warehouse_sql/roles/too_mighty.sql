-- grain: one way in which the login that asks could do more than read the warehouse; no row: it can't.
with
login as (
    select r.*
    from pg_roles as r
    where r.rolname = session_user
),

schema_of_ours as (
    select n.oid, n.nspname, n.nspowner
    from pg_namespace as n
    where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
),

might as (
    select 1 as step, 'superuser' as what from login where rolsuper
    union all
    select 2, 'createrole' from login where rolcreaterole
    union all
    select 3, 'createdb' from login where rolcreatedb
    union all
    select 4, 'replication' from login where rolreplication
    union all
    select 5, 'bypassrls' from login where rolbypassrls
    union all
    -- Files, programs, other sessions, all data: roles that PostgreSQL brings along, named or not yet known.
    select 6, r.rolname::text
    from pg_roles as r
    cross join login as l
    where starts_with(r.rolname, 'pg_') and pg_has_role(l.oid, r.oid, 'member')
        and r.rolname not in ('pg_database_owner', 'pg_read_all_stats', 'pg_stat_scan_tables', 'pg_monitor', 'pg_read_all_settings')
    union all
    select 7, format('owner of schema %s', s.nspname)
    from schema_of_ours as s
    cross join login as l
    where pg_has_role(l.oid, s.nspowner, 'member')
    union all
    select 8, format('create in schema %s', n.nspname)
    from pg_namespace as n
    cross join login as l
    where not starts_with(n.nspname, 'pg_') and has_schema_privilege(l.oid, n.oid, 'create')
    union all
    select 9, format('writes %s', c.oid::regclass)
    from pg_class as c
    inner join schema_of_ours as s on c.relnamespace = s.oid
    cross join login as l
    where c.relkind in ('r', 'p', 'v') and has_table_privilege(l.oid, c.oid, 'insert, update, delete, truncate')
    union all
    select 10, format('database %s', d.datname)
    from pg_database as d
    cross join login as l
    where d.datname = current_database()
        and (pg_has_role(l.oid, d.datdba, 'member') or has_database_privilege(l.oid, d.oid, 'create'))
)

select l.rolname::text as login, m.what
from might as m
cross join login as l
order by m.step, m.what
limit 1
