-- grain: one unit of today with something to count in the period: form II.06 rolled into successors; shares of divided
-- units are estimates. Parameters: date_from, date_to, rule_set, known_at. Needs report_successor.
select
    f.unit_code,
    f.unit_name || case when f.is_estimate then ' (ước tính)' else '' end as unit_name,
    f.valid_from,
    f.received_total,
    f.received_online,
    f.received_direct_postal,
    f.carried_over,
    f.resolved_total,
    f.resolved_early,
    f.resolved_on_time,
    f.resolved_late,
    f.pending_total,
    f.pending_in_time,
    f.pending_overdue,
    f.is_estimate,
    u.level
from mart.form_ii06_successor(:date_from, :date_to, :rule_set, cast(:known_at as timestamptz)) as f
inner join report_successor as u on f.unit_code = u.unit_code and f.valid_from = u.valid_from
order by u.place;
