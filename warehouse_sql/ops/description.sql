-- grain: one description of a table, view, column or function of the warehouse, with what it describes as `comment on` names it.
select
    format(
        case c.relkind when 'v' then 'view %s' when 'm' then 'materialized view %s' else 'table %s' end, c.oid::regclass
    ) as what,
    d.description
from pg_description as d
inner join pg_class as c on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
where d.objsubid = 0 and c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
union all
select format('column %s.%I', c.oid::regclass, a.attname), d.description
from pg_description as d
inner join pg_class as c on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
inner join pg_namespace as n on c.relnamespace = n.oid
inner join pg_attribute as a on c.oid = a.attrelid and d.objsubid = a.attnum
where c.relkind in ('r', 'p', 'v', 'm') and not a.attisdropped and n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
union all
select format('function %s', p.oid::regprocedure), d.description
from pg_description as d
inner join pg_proc as p on d.classoid = 'pg_proc'::regclass and d.objoid = p.oid
inner join pg_namespace as n on p.pronamespace = n.oid
where n.nspname in ('landing', 'history', 'core', 'mart', 'ops', 'vi')
