-- A procedure that is not in the catalogue, by its code or, without one, by its name.
with
-- A file names few procedures many times: each is looked up once.
named as materialized (
    select distinct
        coalesce(procedure_code, '') as code,
        coalesce(procedure_name, '') as name
    from landing.staged_row
    where kind = 'dossiers'
),

unknown as materialized (
    select n.code, n.name
    from named as n
    left join core.dim_procedure as p
        on substring(n.code from '^\d\.\d{6}') = p.procedure_code and p.is_last and not p.is_inferred
    left join core.procedure_resolution as r on n.code = '' and n.name = r.procedure_name and r.is_known
    where p.procedure_code is null and r.procedure_name is null
)

select
    s.staged_id,
    'procedure_code' as field,
    coalesce(s.procedure_code, s.procedure_name) as value
from landing.staged_row as s
where s.kind = 'dossiers'
    and (coalesce(s.procedure_code, ''), coalesce(s.procedure_name, '')) in (select u.code, u.name from unknown as u)
