-- grain: one version of one procedure, with the days it stands for.
-- What a catalogue that does not speak of fees and papers says of them is null.
create view core.procedure_by_day as
select
    p.procedure_code,
    date '-infinity' as stands_from,
    date 'infinity' as stands_to,
    (to_jsonb(p) ->> 'is_fee_bearing')::boolean as is_fee_bearing,
    (to_jsonb(p) ->> 'gives_paper_result')::boolean as gives_paper_result
from core.dim_procedure as p;

comment on view core.procedure_by_day is
'core.dim_procedure for joins by day: grain one version of one procedure.';
comment on column core.procedure_by_day.procedure_code is 'Core of the code, or x-….';
comment on column core.procedure_by_day.stands_from is 'First day it stands for.';
comment on column core.procedure_by_day.stands_to is 'Day after the last one it stands for.';
comment on column core.procedure_by_day.is_fee_bearing is 'Fees are charged; null when no catalogue says.';
comment on column core.procedure_by_day.gives_paper_result is 'The result is a paper; null when no catalogue says.';
