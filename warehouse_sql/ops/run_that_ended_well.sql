-- grain: one moment: whether it is a working day, whether a run ended well of late, and how the last run stands.
-- Parameters: today, since.
select
    -- beyond the calendar that is known, Monday to Friday
    coalesce(
        (select d.is_working_day from core.dim_date as d where d.date = cast(:today as date)),
        extract(isodow from cast(:today as date)) < 6
    ) as is_working_day,
    (
        select count(*) > 0
        from ops.run as r
        where r.status = 'success' and r.ended_at >= cast(:since as timestamptz)
    ) as has_ended_well,
    l.started_at,
    l.status,
    l.message
from (select 1 as n) as always
left join lateral (
    select r.started_at, r.status, r.message
    from ops.run as r
    order by r.run_id desc
    limit 1
) as l on true;
