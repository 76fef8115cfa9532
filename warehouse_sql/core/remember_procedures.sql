-- Codes, names and fields of procedures as the staged rows of one file pair them. A code of another form gets one of
-- ours. Parameters: file_no.
insert into core.procedure_said (procedure_code, procedure_name, field_code, field_name)
select distinct
    coalesce(substring(r.procedure_code from '^\d\.\d{6}'), 'x-' || left(md5(r.procedure_code), 10)),
    coalesce(r.procedure_name, r.procedure_code),
    r.field_code,
    r.field_name
from landing.staged_row as r
where r.file_no = :file_no and r.procedure_code is not null
on conflict do nothing;
