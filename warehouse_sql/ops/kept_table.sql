-- grain: one table of the warehouse whose rows survive a crash of the server.
select format('%I.%I', n.nspname, c.relname) as name
from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and c.relkind = 'r' and c.relpersistence = 'p'
order by name
