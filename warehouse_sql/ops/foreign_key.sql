-- grain: one foreign key of the warehouse, with what makes it again.
select cast(cast(c.conrelid as regclass) as text) as table_name, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
from pg_constraint as c
inner join pg_namespace as n on c.connamespace = n.oid
where n.nspname in ('landing', 'history', 'core', 'mart', 'ops') and c.contype = 'f'
order by table_name, name
