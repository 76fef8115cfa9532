-- Sectors (lĩnh vực) of a report, by name: report_sector; and which of them each version of a procedure
-- belongs to, with what lists show of it: report_procedure. Procedures of which no catalogue and no export names the sector are
-- of the sector null, the last.
-- Makes report_sector, report_procedure, report_clock, report_minute.
create temporary table report_sector on commit drop as
select
    cast(row_number() over (order by f.field_name nulls last) as smallint) as sector_no,
    f.field_name
from (
    select p.field_name from core.dim_procedure as p
    union
    select null
) as f;

create temporary table report_procedure on commit drop as
select
    p.procedure_key, f.sector_no, p.procedure_code, p.procedure_name, p.field_name, p.valid_from, p.valid_to, p.is_inferred
from core.dim_procedure as p
inner join report_sector as f on p.field_name is not distinct from f.field_name;

-- What a working minute is: minutes worked before a day begins, and before a minute of a working day.
create temporary table report_clock on commit drop as
select c.date, c.is_working_day, c.worked_before
from core.work_clock as c;

create temporary table report_minute on commit drop as
select m.minute, m.worked
from core.work_minute as m;

analyze report_sector, report_procedure, report_clock, report_minute;
