-- grain: one field of procedures, with the first in alphabetical order of the names that it has today, else that it had.
select
    p.field_code,
    coalesce(min(p.field_name) filter (where p.is_last), min(p.field_name), p.field_code) as field_name
from core.dim_procedure as p
where p.field_code is not null
group by p.field_code
union all
select 'x-unknown', 'Không rõ lĩnh vực'
order by field_code;
