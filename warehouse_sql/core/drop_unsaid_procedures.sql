-- Inferred members of core.dim_procedure that nothing names any more: a name that stood alone has since come with a
-- code. Only once no dossier stands under them, so that none ever lacks its procedure.
create temporary table unsaid_procedure on commit drop as
select p.procedure_key
from core.dim_procedure as p
where p.is_inferred and p.procedure_code <> 'x-unknown'
    and not exists (select 1 from core.procedure_said as s where s.procedure_code = p.procedure_code)
    and not exists (
        select 1 from core.procedure_resolution as r where r.procedure_code = p.procedure_code and not r.is_known
    );

analyze unsaid_procedure;

with unused as materialized (
    select u.procedure_key from unsaid_procedure as u
    except
    select f.procedure_key
    from unsaid_procedure as u
    inner join core.fct_dossier as f on u.procedure_key = f.procedure_key
    except
    select f.procedure_key
    from unsaid_procedure as u
    inner join core.fct_dossier_past as f on u.procedure_key = f.procedure_key
)

delete from core.dim_procedure as p
using unused as u
where p.procedure_key = u.procedure_key;

drop table unsaid_procedure;
