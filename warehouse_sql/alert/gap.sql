-- grain: one export day of a feed that tells of what an alert watches, with a gap that nothing healed since.
-- Parameters: kind, unit_code, day, window_days. A unit's feeds are those that spoke of its dossiers of late.
with watched as (
    select
        (
            select min(f.date)
            from core.dim_date as f
            where f.is_working_day and f.working_day_number > d.working_day_number - greatest(:window_days, 1)
        ) as day_from,
        d.date as day_to
    from core.dim_date as d
    where d.date = cast(:day as date)
)

select
    g.source,
    g.day,
    g.status,
    g.reason_vi
from watched as w
-- what became overdue on a day, exports from that day on say
cross join lateral mart.incomplete_feed(w.day_from, w.day_to) as g
where g.healed_on is null
    and (
        :kind in ('district', 'province')
        or g.source in (
            select v.source
            from core.fct_dossier as f
            inner join history.dossier_version as v on f.dossier_code = v.dossier_code
            where f.unit_code = :unit_code and f.received_at >= (select o.day_from from watched as o) - 90
        )
    )
order by g.day asc, g.source asc;
