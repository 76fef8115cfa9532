-- Codes, names and fields of procedures as the staged rows of a run pair them. A code of another form gets one of
-- ours.
insert into core.procedure_said (procedure_code, procedure_name, field_code, field_name)
select distinct
    coalesce(substring(r.procedure_code from '^\d\.\d{6}'), 'x-' || left(md5(r.procedure_code), 10)),
    coalesce(r.procedure_name, r.procedure_code),
    r.field_code,
    r.field_name
from (
    -- few of them in many rows: each is looked at once
    select distinct s.procedure_code, s.procedure_name, s.field_code, s.field_name
    from landing.staged_row as s
    where s.procedure_code is not null
) as r
on conflict do nothing;
