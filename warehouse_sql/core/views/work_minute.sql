-- grain: one minute of a working day: minutes of office hours before it.
create view core.work_minute as
select
    cast(time '00:00' + make_interval(mins => m.minute) as time) as minute,
    cast(sum(
        greatest(0, least(m.minute, extract(epoch from o.to_time) / 60) - extract(epoch from o.from_time) / 60)
    ) as integer) as worked
from generate_series(0, 1439) as m (minute)
cross join core.office_session as o
group by m.minute;

comment on view core.work_minute is 'Office hours within a working day: grain one minute of it.';
comment on column core.work_minute.minute is 'Minute, local time.';
comment on column core.work_minute.worked is 'Minutes of office hours of the day before it.';
