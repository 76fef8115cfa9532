-- Minutes of office hours that have passed on a working day at a time of it; seconds are left out.
create function core.worked_in_day(at timestamp)
returns integer
language sql stable
as $$
select (
    select
        cast(sum(
            greatest(0, extract(epoch from least(cast(date_trunc('minute', worked_in_day.at) as time), o.to_time) - o.from_time)) / 60
        ) as integer)
    from core.office_session as o
)
$$;

comment on function core.worked_in_day(timestamp) is
'Minutes of office hours (core.office_session) that have passed at a time of a working day.';
