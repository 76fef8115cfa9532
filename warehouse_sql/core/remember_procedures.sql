-- Codes, names and fields of procedures as the staged rows of a run pair them. A code of another form gets one of
-- ours.
insert into core.procedure_said (procedure_code, procedure_name, field_code, field_name)
select distinct
    coalesce(substring(r.procedure_code from '^\d\.\d{6}'), 'x-' || left(md5(r.procedure_code), 10)),
    coalesce(r.procedure_name, r.procedure_code),
    r.field_code,
    r.field_name
from landing.staged_row as r
where r.procedure_code is not null
on conflict do nothing;
