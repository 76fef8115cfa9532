-- grain: one day: minutes of office hours before it, since the calendar begins.
create view core.work_clock as
select
    d.date,
    d.is_working_day,
    cast((d.working_day_number - cast(d.is_working_day as integer)) * o.minutes as integer) as worked_before
from core.dim_date as d
cross join (
    select cast(sum(extract(epoch from s.to_time - s.from_time)) / 60 as integer) as minutes
    from core.office_session as s
) as o;

comment on view core.work_clock is 'The clock of office hours: grain one day.';
comment on column core.work_clock.date is 'Day.';
comment on column core.work_clock.is_working_day is 'Whether anything is worked on it.';
comment on column core.work_clock.worked_before is 'Minutes of office hours before it, since the calendar begins.';
