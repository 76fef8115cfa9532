-- grain: one alert that is open.
-- Parameters: unit_keys.
select
    a.alert_id,
    a.severity,
    a.state,
    a.opened_on,
    a.observed,
    a.expected,
    a.message_vi,
    a.inhibited_vi,
    a.acknowledged_by,
    a.silenced_until
from ops.alert as a
where a.state <> 'resolved'
    and (
        cast(:unit_keys as bigint []) is null
        or exists (select 1 from mart.unit as u where u.unit_code = a.unit_code and u.unit_key = any(cast(:unit_keys as bigint [])))
    )
order by a.severity asc, a.opened_on asc, a.alert_id asc
