-- Inferred members of core.dim_procedure that nothing names any more: a name that stood alone has since come with a
-- code. Only once no dossier stands under them, so that none ever lacks its procedure.
delete from core.dim_procedure as p
where p.is_inferred and p.procedure_code <> 'x-unknown'
    and not exists (select 1 from core.procedure_said as s where s.procedure_code = p.procedure_code)
    and not exists (
        select 1 from core.procedure_resolution as r where r.procedure_code = p.procedure_code and not r.is_known
    )
    and not exists (select 1 from core.fct_dossier as f where f.procedure_key = p.procedure_key)
    and not exists (select 1 from core.fct_dossier_past as f where f.procedure_key = p.procedure_key);
