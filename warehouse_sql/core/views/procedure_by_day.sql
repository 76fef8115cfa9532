-- grain: one version of one procedure, with the days it stands for.
create view core.procedure_by_day as
select
    p.procedure_code,
    p.procedure_key,
    p.valid_from,
    p.valid_to,
    p.procedure_name,
    p.field_code,
    p.field_name,
    p.level,
    p.service_level,
    p.limit_value,
    p.limit_unit,
    p.online_limit_value,
    p.online_limit_unit,
    p.is_fee_bearing,
    p.gives_paper_result,
    p.decision,
    p.local_codes,
    p.import_id,
    p.is_last,
    p.is_inferred,
    case when row_number() over w = 1 then date '-infinity' else p.valid_from end as stands_from,
    lead(p.valid_from, 1, date 'infinity') over w as stands_to
from core.dim_procedure as p
window w as (partition by p.procedure_code order by p.valid_from);

comment on view core.procedure_by_day is
'core.dim_procedure without gaps, for joins by day: grain one version of one procedure. On each day the version begun last stands, ended or not; before the first one, that one.';
comment on column core.procedure_by_day.procedure_code is 'Core of the code, or x-….';
comment on column core.procedure_by_day.procedure_key is 'Surrogate key of the version.';
comment on column core.procedure_by_day.valid_from is 'First day in the catalogue.';
comment on column core.procedure_by_day.valid_to is 'Day after the last one in the catalogue.';
comment on column core.procedure_by_day.procedure_name is 'Name.';
comment on column core.procedure_by_day.field_code is 'Field (lĩnh vực) code.';
comment on column core.procedure_by_day.field_name is 'Field name.';
comment on column core.procedure_by_day.level is 'As in core.dim_procedure.';
comment on column core.procedure_by_day.service_level is 'full, partial or information.';
comment on column core.procedure_by_day.limit_value is 'Time limit; 0 means the same day.';
comment on column core.procedure_by_day.limit_unit is 'working_day, day or hour.';
comment on column core.procedure_by_day.online_limit_value is 'Time limit of the online channel where it differs.';
comment on column core.procedure_by_day.online_limit_unit is 'working_day, day or hour.';
comment on column core.procedure_by_day.is_fee_bearing is 'Fees are charged.';
comment on column core.procedure_by_day.gives_paper_result is 'The result is a paper.';
comment on column core.procedure_by_day.decision is 'Decision that published it.';
comment on column core.procedure_by_day.local_codes is 'Codes as the catalogue writes them.';
comment on column core.procedure_by_day.import_id is 'core.catalogue_import.';
comment on column core.procedure_by_day.is_last is 'The last of its procedure.';
comment on column core.procedure_by_day.is_inferred is 'In no catalogue.';
comment on column core.procedure_by_day.stands_from is 'First day it stands for; -infinity for the first version.';
comment on column core.procedure_by_day.stands_to is 'Day after the last one it stands for; infinity for the last version.';
