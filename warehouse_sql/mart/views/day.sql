-- grain: one day.
create view mart.day as
select
    d.date,
    d.calendar_month,
    d.reporting_month,
    d.is_working_day,
    d.is_holiday,
    d.is_makeup_workday,
    d.holiday_name,
    d.working_day_number
from core.dim_date as d;

comment on view mart.day is 'Calendar of Vietnam, for readers of marts: grain one day, as core.dim_date.';
