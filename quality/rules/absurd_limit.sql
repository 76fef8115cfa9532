-- A time limit below zero or beyond five years.
select
    staged_id,
    'limit_value' as field,
    limit_value::text as value
from landing.staged_row
where limit_value < 0
    or limit_value > case limit_unit when 'hour' then 10000 when 'day' then 1825 else 1250 end
