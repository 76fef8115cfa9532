-- grain: one row of mart.timeliness_month where form columns 1 = 5 + 9 do not hold. None may be here.
select
    calendar,
    month,
    unit_code,
    procedure_code,
    channel,
    rule_set,
    received_total,
    resolved_total,
    pending_total
from mart.timeliness_month
where received_total <> resolved_total + pending_total
order by calendar, month, unit_code, unit_valid_from, procedure_code, channel, rule_set;
