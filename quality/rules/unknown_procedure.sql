-- A procedure that is not in the catalogue, by its code or, without one, by its name.
select
    s.staged_id,
    'procedure_code' as field,
    coalesce(s.procedure_code, s.procedure_name) as value
from landing.staged_row as s
where s.kind = 'dossiers'
    and not exists (
        select 1
        from core.dim_procedure as p
        where not p.is_inferred and p.procedure_code = substring(s.procedure_code from '^\d\.\d{6}')
    )
    and not (
        s.procedure_code is null
        and exists (
            select 1
            from core.procedure_resolution as r
            where r.procedure_name = s.procedure_name and r.is_known
        )
    )
