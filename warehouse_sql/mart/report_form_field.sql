-- grain: one unit of the report and one field of procedures with something to count in the period: form II.06 by field,
-- which over the fields of a unit is mart/report_form.sql. The field is the one that the catalogue had on the day of
-- reception; empty where it has none. Parameters: date_from, date_to. Needs report_unit, report_field, report_event.
with
by_field as (
    select
        e.unit_code,
        e.unit_valid_from,
        e.field,
        sum(e.quantity) filter (where e.kind = 'received' and e.event_on >= :date_from and c.is_online) as online,
        sum(e.quantity) filter (where e.kind = 'received' and e.event_on >= :date_from and not c.is_online) as direct_postal,
        sum(case when e.kind = 'received' then e.quantity when e.kind like 'resolved%' then -e.quantity end)
            filter (where e.event_on < :date_from) as carried,
        sum(e.quantity) filter (where e.kind = 'resolved_early' and e.event_on >= :date_from) as early,
        sum(e.quantity) filter (where e.kind = 'resolved_on_time' and e.event_on >= :date_from) as on_time,
        sum(e.quantity) filter (where e.kind = 'resolved_late' and e.event_on >= :date_from) as late,
        sum(e.quantity) filter (where e.kind = 'resolved_untimed' and e.event_on >= :date_from) as untimed,
        sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity end) as overdue
    from report_event as e
    inner join core.dim_channel as c on e.channel = c.channel
    where e.event_on <= :date_to
    group by e.unit_code, e.unit_valid_from, e.field
),

filled as (
    select
        b.unit_code,
        b.unit_valid_from,
        b.field,
        cast(coalesce(b.online, 0) as bigint) as online,
        cast(coalesce(b.direct_postal, 0) as bigint) as direct_postal,
        cast(coalesce(b.carried, 0) as bigint) as carried,
        cast(coalesce(b.early, 0) as bigint) as early,
        cast(coalesce(b.on_time, 0) as bigint) as on_time,
        cast(coalesce(b.late, 0) as bigint) as late,
        cast(coalesce(b.untimed, 0) as bigint) as untimed,
        cast(coalesce(b.overdue, 0) as bigint) as overdue
    from by_field as b
)

select
    f.unit_code,
    u.unit_name,
    f.unit_valid_from as valid_from,
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
inner join report_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
inner join report_field as n on f.field = n.field
-- Sums alone would hide what was taken back and made good in another column.
where f.online <> 0 or f.direct_postal <> 0 or f.carried <> 0 or f.early <> 0 or f.on_time <> 0 or f.late <> 0
    or f.untimed <> 0 or f.overdue <> 0
order by u.place, n.field_name is null, n.field_name collate "C";
