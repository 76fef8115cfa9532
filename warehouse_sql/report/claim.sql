-- grain: one group of claims, stored rule set, channel, day of reception, kind of event and its day: events of the units of claims.
-- Parameters: until. Needs claim_unit.
select
    u.group_no,
    e.rule_set,
    e.channel,
    u.place,
    cast(d.received_at as date) as received_on,
    e.kind,
    e.event_on,
    sum(e.quantity) as quantity
from core.fct_dossier_event as e
inner join claim_unit as u on e.unit_code = u.unit_code and e.unit_valid_from = u.valid_from
inner join core.fct_dossier as d on e.dossier_code = d.dossier_code
where e.event_on <= cast(:until as date)
group by 1, 2, 3, 4, 5, 6, 7;
