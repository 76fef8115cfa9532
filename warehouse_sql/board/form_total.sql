-- grain: one row: the figures of the form of all that is chosen.
-- Parameters: date_from, date_to, rule_set, known_at (infinity: now), unit_keys, sector.
select
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
from mart.form_by_part('channel', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
