-- grain: one sector of procedures, with its first name in alphabetical order.
select
    coalesce(field_code, field_name, 'x-unknown') as field_code,
    min(coalesce(field_name, 'Không rõ lĩnh vực')) as field_name
from core.dim_procedure
where is_last
group by coalesce(field_code, field_name, 'x-unknown')
order by field_code;
