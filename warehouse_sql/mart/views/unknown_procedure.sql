-- grain: one procedure met in exports that the catalogue lacks. A worklist that should be empty.
create view mart.unknown_procedure as
select
    p.procedure_code,
    p.procedure_name,
    p.field_name,
    count(*) as dossier_count,
    min(f.received_at) as first_received_at,
    max(f.received_at) as last_received_at
from core.fct_dossier as f
inner join core.dim_procedure as p on f.procedure_code = p.procedure_code and p.is_last
where p.is_inferred
group by p.procedure_code, p.procedure_name, p.field_name;

comment on view mart.unknown_procedure is
'Worklist: procedures met in exports that the catalogue lacks, with the number of their dossiers.';
comment on column mart.unknown_procedure.procedure_code is 'Code, or x-… for one known by name only.';
comment on column mart.unknown_procedure.procedure_name is 'Name as exports write it.';
comment on column mart.unknown_procedure.field_name is 'Sector (lĩnh vực) as exports write it.';
comment on column mart.unknown_procedure.dossier_count is 'Its dossiers.';
comment on column mart.unknown_procedure.first_received_at is 'First reception, local time.';
comment on column mart.unknown_procedure.last_received_at is 'Last reception, local time.';
