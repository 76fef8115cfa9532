-- grain: one working day of those numbered from number_from to number_to.
-- Parameters: number_from, number_to.
select date, working_day_number as day_number
from core.dim_date
where is_working_day and working_day_number between :number_from and :number_to
order by date;
