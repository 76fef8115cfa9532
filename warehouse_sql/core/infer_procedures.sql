-- Members of core.dim_procedure for what exports name and the catalogue lacks; the same whatever came first.
-- Parameters: changed_from (codes that names stood for before they were read again).
create temporary table procedure_before on commit drop as
select procedure_code, coalesce(field_code, field_name) as sector_code from core.dim_procedure where is_inferred;

insert into core.dim_procedure as p (procedure_code, procedure_name, field_code, field_name, is_inferred)
select m.procedure_code, m.procedure_name, m.field_code, m.field_name, true
from (
    select
        s.procedure_code,
        coalesce(min(s.procedure_name), s.procedure_code) as procedure_name,
        min(s.field_code) as field_code,
        min(s.field_name) as field_name
    from core.procedure_said as s
    where not exists (
        select 1 from core.dim_procedure as k where k.procedure_code = s.procedure_code and not k.is_inferred
    )
    group by s.procedure_code
    union all
    select r.procedure_code, min(r.procedure_name), null, null
    from core.procedure_resolution as r
    where
        not r.is_known
        -- A code that is said has its name from those who say it; one command may not write a member twice.
        and not exists (select 1 from core.procedure_said as s where s.procedure_code = r.procedure_code)
    group by r.procedure_code
) as m
on conflict (procedure_code, valid_from) do update set
    procedure_name = excluded.procedure_name, field_code = excluded.field_code, field_name = excluded.field_name
where p.is_inferred;

insert into history.touched_dossier (dossier_code)
select f.dossier_code
from core.fct_dossier_all as f
-- All dossiers are looked through, so only where a name is read otherwise.
where f.procedure_code = any(cast(:changed_from as text [])) and cardinality(cast(:changed_from as text [])) > 0
on conflict do nothing;

-- Flows are counted by sector, so where that of a procedure changed, its dossiers are counted again.
insert into history.touched_dossier (dossier_code)
with moved as materialized (
    select b.procedure_code
    from procedure_before as b
    inner join core.dim_procedure as p on b.procedure_code = p.procedure_code and p.is_inferred
    where b.sector_code is distinct from coalesce(p.field_code, p.field_name)
)

select f.dossier_code
from core.fct_dossier_all as f
where f.procedure_code in (select m.procedure_code from moved as m) and exists (select 1 from moved)
on conflict do nothing;

drop table procedure_before;
