-- grain: one row, the figures of all that is chosen, and of how many units of each level something is to be counted.
-- Parameters: date_from, date_to, rule_set, known_at, unit_keys, sector.
select
    cast(coalesce(sum(f.received_total), 0) as bigint) as received_total,
    cast(coalesce(sum(f.received_online), 0) as bigint) as received_online,
    cast(coalesce(sum(f.received_direct_postal), 0) as bigint) as received_direct_postal,
    cast(coalesce(sum(f.carried_over), 0) as bigint) as carried_over,
    cast(coalesce(sum(f.resolved_total), 0) as bigint) as resolved_total,
    cast(coalesce(sum(f.resolved_early), 0) as bigint) as resolved_early,
    cast(coalesce(sum(f.resolved_on_time), 0) as bigint) as resolved_on_time,
    cast(coalesce(sum(f.resolved_late), 0) as bigint) as resolved_late,
    cast(coalesce(sum(f.pending_total), 0) as bigint) as pending_total,
    cast(coalesce(sum(f.pending_in_time), 0) as bigint) as pending_in_time,
    cast(coalesce(sum(f.pending_overdue), 0) as bigint) as pending_overdue,
    cast(sum(f.resolved_early + f.resolved_on_time) as numeric)
    / nullif(sum(f.resolved_early + f.resolved_on_time + f.resolved_late), 0) as on_time_share,
    count(distinct coalesce(u.province_code, u.unit_code) || ' ' || u.valid_from) as province_count,
    count(distinct coalesce(u.district_code, u.unit_code) || ' ' || u.valid_from) as district_count,
    count(distinct u.unit_code || ' ' || u.valid_from) as commune_count
from mart.form_by_part('unit', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
inner join mart.unit as u on cast(f.part_key as bigint) = u.unit_key
