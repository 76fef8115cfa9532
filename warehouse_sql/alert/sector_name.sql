-- grain: one sector of procedures, with the first in alphabetical order of the names that it has today, else that it had.
select
    coalesce(p.field_code, p.field_name) as field_code,
    coalesce(min(p.field_name) filter (where p.is_last), min(p.field_name), min(p.field_code)) as field_name
from core.dim_procedure as p
where coalesce(p.field_code, p.field_name) is not null
group by coalesce(p.field_code, p.field_name)
union all
select 'x-unknown', 'Không rõ lĩnh vực'
order by field_code;
