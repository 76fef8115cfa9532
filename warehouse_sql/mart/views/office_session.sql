-- grain: one session of office hours.
create view mart.office_session as
select
    s.from_time,
    s.to_time
from core.office_session as s;

comment on view mart.office_session is 'Office hours of a working day, for readers of marts: grain one session.';
