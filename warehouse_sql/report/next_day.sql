-- grain: the one working day after the period. Parameters: date_to.
select min(d.date) as next_on
from core.dim_date as d
where d.is_working_day and d.date > :date_to;
