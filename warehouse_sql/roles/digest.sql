-- grain: one row; what it digests changes when an owner or a right of the warehouse, or one of its roles, changes.
-- Parameter: prefix.
with
rights as (
    select format('database %s %s %s', d.datname, pg_get_userbyid(d.datdba), d.datacl) as line
    from pg_database as d
    where d.datname = current_database()
    union all
    select format('role %s %s %s %s', r.rolname, r.rolsuper, r.rolcreaterole, r.rolcanlogin)
    from pg_roles as r
    where starts_with(r.rolname, cast(:prefix as text) || '_')
    union all
    select format('member %s %s', granted.rolname, member.rolname)
    from pg_auth_members as a
    inner join pg_roles as granted on a.roleid = granted.oid
    inner join pg_roles as member on a.member = member.oid
    where starts_with(granted.rolname, cast(:prefix as text) || '_')
    union all
    select format('schema %s %s %s', n.nspname, pg_get_userbyid(n.nspowner), n.nspacl)
    from pg_namespace as n
    where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops', 'public')
    union all
    select format('table %s %s %s %s', n.nspname, c.relname, pg_get_userbyid(c.relowner), c.relacl)
    from pg_class as c
    inner join pg_namespace as n on c.relnamespace = n.oid
    where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') and c.relkind in ('r', 'p', 'v', 'm', 'S')
    union all
    select format('column %s %s %s', cast(a.attrelid as regclass), a.attname, a.attacl)
    from pg_attribute as a
    inner join pg_class as c on a.attrelid = c.oid
    inner join pg_namespace as n on c.relnamespace = n.oid
    where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops') and a.attacl is not null
    union all
    select
        format(
            'rows %s %s %s', cast(c.oid as regclass), c.relrowsecurity,
            concat(l.polname, pg_get_expr(l.polqual, l.polrelid), pg_get_expr(l.polwithcheck, l.polrelid))
        )
    from pg_class as c
    inner join pg_namespace as n on c.relnamespace = n.oid
    left join pg_policy as l on c.oid = l.polrelid
    where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and (c.relrowsecurity or l.oid is not null)
    union all
    select format('function %s %s %s %s', cast(p.oid as regprocedure), pg_get_userbyid(p.proowner), p.proacl, p.prosecdef)
    from pg_proc as p
    inner join pg_namespace as n on p.pronamespace = n.oid
    where n.nspname in ('landing', 'history', 'core', 'mart', 'vi', 'ops')
)

select md5(coalesce(string_agg(line, E'\n' order by line collate "C"), '')) as digest from rights
