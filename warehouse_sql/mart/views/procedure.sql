-- grain: one procedure from one day on.
create view mart.procedure as
select
    p.procedure_key,
    p.procedure_code,
    p.valid_from,
    p.valid_to,
    p.procedure_name,
    coalesce(p.field_code, p.field_name, 'x-unknown') as sector_code,
    coalesce(p.field_name, p.field_code, 'Không rõ lĩnh vực') as sector_name,
    p.service_level,
    p.is_last
from core.dim_procedure as p;

comment on view mart.procedure is
'Procedures with their sectors, for readers of marts: grain one procedure from one day on, as core.dim_procedure. Join marts by procedure_key; where nothing but the code counts, by procedure_code with is_last.';
comment on column mart.procedure.sector_code is 'Sector (lĩnh vực) of the procedure: its code, else its name; x-unknown without either.';
comment on column mart.procedure.sector_name is 'Name of the sector.';
