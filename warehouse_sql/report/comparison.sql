-- grain: the period of a report or the one it is compared with, over all its units: the figures of form II.06.
-- first_on: the first day that anything was received on, whenever. Parameters: date_from, date_to, former_from,
-- former_to. Needs report_flow.
with
period as (
    select *
    from (
        values
        (false, cast(:date_from as date), cast(:date_to as date)),
        (true, cast(:former_from as date), cast(:former_to as date))
    ) as p (is_former, date_from, date_to)
),

-- What there is of a day: a period is a sum over days, and days are few.
by_day as (
    select
        f.event_on,
        sum(f.received_online) as online,
        sum(f.received_direct_postal) as direct_postal,
        sum(f.resolved_early) as early,
        sum(f.resolved_on_time) as on_time,
        sum(f.resolved_late) as late,
        sum(f.resolved_early + f.resolved_on_time + f.resolved_late + f.resolved_untimed) as resolved,
        sum(f.newly_overdue - f.overdue_cleared) as overdue
    from report_flow as f
    group by f.event_on
),

counted as (
    select
        p.is_former,
        p.date_from,
        p.date_to,
        cast(coalesce(sum(d.online) filter (where d.event_on >= p.date_from), 0) as bigint) as online,
        cast(coalesce(sum(d.direct_postal) filter (where d.event_on >= p.date_from), 0) as bigint) as direct_postal,
        cast(coalesce(sum(d.online + d.direct_postal - d.resolved)
            filter (where d.event_on < p.date_from), 0) as bigint) as carried,
        cast(coalesce(sum(d.early) filter (where d.event_on >= p.date_from), 0) as bigint) as early,
        cast(coalesce(sum(d.on_time) filter (where d.event_on >= p.date_from), 0) as bigint) as on_time,
        cast(coalesce(sum(d.late) filter (where d.event_on >= p.date_from), 0) as bigint) as late,
        cast(coalesce(sum(d.resolved) filter (where d.event_on >= p.date_from), 0) as bigint) as resolved,
        cast(coalesce(sum(d.overdue), 0) as bigint) as overdue
    from period as p
    left join by_day as d on p.date_to >= d.event_on
    group by p.is_former, p.date_from, p.date_to
)

select
    k.is_former,
    k.date_from,
    k.date_to,
    (select min(d.event_on) from by_day as d where d.online > 0 or d.direct_postal > 0) as first_on,
    k.online + k.direct_postal + k.carried as received_total,
    k.online as received_online,
    k.direct_postal as received_direct_postal,
    k.carried as carried_over,
    k.resolved as resolved_total,
    k.early as resolved_early,
    k.on_time as resolved_on_time,
    k.late as resolved_late,
    k.online + k.direct_postal + k.carried - k.resolved as pending_total,
    k.online + k.direct_postal + k.carried - k.resolved - k.overdue as pending_in_time,
    k.overdue as pending_overdue
from counted as k
order by k.is_former;
