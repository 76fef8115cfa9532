-- grain: one unit of today's list with something to count, old ones rolled into what took them over.
-- Parameters: date_from, date_to, rule_set, known_at.
select
    f.*,
    f.valid_from as unit_valid_from,
    cast(f.resolved_early + f.resolved_on_time as numeric)
    / nullif(f.resolved_early + f.resolved_on_time + f.resolved_late, 0) as on_time_share
from mart.form_ii06(:date_from, :date_to, :rule_set, cast(:known_at as timestamptz), 'current') as f
