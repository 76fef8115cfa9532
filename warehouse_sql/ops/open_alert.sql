-- grain: one alert that is open, the gravest and longest open first.
select
    alert_id,
    kind,
    unit_code,
    unit_name,
    field_name,
    state,
    severity,
    opened_at,
    last_seen_at,
    observed,
    expected,
    p_value,
    runs_seen,
    acknowledged_by,
    silenced_until,
    inhibited_vi,
    message_vi
from ops.alert
where state <> 'resolved'
order by severity asc, opened_at asc, alert_id asc;
