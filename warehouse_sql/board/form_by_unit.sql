-- grain: one unit of a level (province, district or commune) with something to count.
-- A unit of a list without districts stands for itself.
-- Parameters: level, date_from, date_to, rule_set, known_at, unit_keys, sector.
select
    p.unit_code,
    p.unit_valid_from,
    p.unit_name,
    cast(sum(f.received_total) as bigint) as received_total,
    cast(sum(f.received_online) as bigint) as received_online,
    cast(sum(f.received_direct_postal) as bigint) as received_direct_postal,
    cast(sum(f.carried_over) as bigint) as carried_over,
    cast(sum(f.resolved_total) as bigint) as resolved_total,
    cast(sum(f.resolved_early) as bigint) as resolved_early,
    cast(sum(f.resolved_on_time) as bigint) as resolved_on_time,
    cast(sum(f.resolved_late) as bigint) as resolved_late,
    cast(sum(f.pending_total) as bigint) as pending_total,
    cast(sum(f.pending_in_time) as bigint) as pending_in_time,
    cast(sum(f.pending_overdue) as bigint) as pending_overdue,
    cast(sum(f.resolved_early + f.resolved_on_time) as numeric)
    / nullif(sum(f.resolved_early + f.resolved_on_time + f.resolved_late), 0) as on_time_share
from mart.form_by_part('unit', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
inner join mart.unit as u on cast(f.part_key as bigint) = u.unit_key
cross join lateral (
    select
        case :level when 'province' then coalesce(u.province_code, u.unit_code) when 'district' then coalesce(u.district_code, u.unit_code) else u.unit_code end as unit_code,
        case :level when 'province' then coalesce(u.province_name, u.unit_name) when 'district' then coalesce(u.district_name, u.unit_name) else u.unit_name end as unit_name,
        u.valid_from as unit_valid_from
) as p
group by p.unit_code, p.unit_valid_from, p.unit_name
