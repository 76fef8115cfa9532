-- grain: one unit of the report and one sector of procedures with something to count in the period: form II.06 by sector,
-- which over the sectors of a unit is report/form.sql. The sector is the one that the catalogue had on the day of
-- reception; empty where it has none. Parameters: date_from. Needs report_unit, report_sector, report_flow.
with filled as (
    select
        f.unit_key,
        f.sector_no,
        cast(coalesce(sum(f.received_online) filter (where f.event_on >= :date_from), 0) as bigint) as online,
        cast(coalesce(sum(f.received_direct_postal) filter (where f.event_on >= :date_from), 0) as bigint) as direct_postal,
        cast(coalesce(sum(
            f.received_online + f.received_direct_postal
            - f.resolved_early - f.resolved_on_time - f.resolved_late - f.resolved_untimed
        ) filter (where f.event_on < :date_from), 0) as bigint) as carried,
        cast(coalesce(sum(f.resolved_early) filter (where f.event_on >= :date_from), 0) as bigint) as early,
        cast(coalesce(sum(f.resolved_on_time) filter (where f.event_on >= :date_from), 0) as bigint) as on_time,
        cast(coalesce(sum(f.resolved_late) filter (where f.event_on >= :date_from), 0) as bigint) as late,
        cast(coalesce(sum(f.resolved_untimed) filter (where f.event_on >= :date_from), 0) as bigint) as untimed,
        cast(sum(f.newly_overdue - f.overdue_cleared) as bigint) as overdue
    from report_flow as f
    group by f.unit_key, f.sector_no
)

select
    u.unit_code,
    u.unit_name,
    u.valid_from,
    u.level,
    coalesce(n.field_name, '') as field_name,
    f.online + f.direct_postal + f.carried as received_total,
    f.online as received_online,
    f.direct_postal as received_direct_postal,
    f.carried as carried_over,
    f.early + f.on_time + f.late + f.untimed as resolved_total,
    f.early as resolved_early,
    f.on_time as resolved_on_time,
    f.late as resolved_late,
    f.online + f.direct_postal + f.carried - f.early - f.on_time - f.late - f.untimed as pending_total,
    f.online + f.direct_postal + f.carried - f.early - f.on_time - f.late - f.untimed - f.overdue as pending_in_time,
    f.overdue as pending_overdue
from filled as f
inner join report_unit as u on f.unit_key = u.unit_key
inner join report_sector as n on f.sector_no = n.sector_no
-- Sums alone would hide what was taken back and made good in another column.
where f.online <> 0 or f.direct_postal <> 0 or f.carried <> 0 or f.early <> 0 or f.on_time <> 0 or f.late <> 0
    or f.untimed <> 0 or f.overdue <> 0
order by u.place, n.field_name is null, n.field_name collate "C";
