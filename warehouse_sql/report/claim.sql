-- grain: one group of claims, set of rule sets, channel, place, day of reception, kind of event and its day: events of the units of
-- claims, as known at a moment. Parameters: until, known_at. Needs claim_unit.
select
    u.group_no,
    e.rule_sets,
    e.channel,
    u.place,
    e.received_on,
    e.kind,
    e.event_on,
    sum(e.quantity) as quantity
from core.event_as_known(cast(:known_at as timestamptz)) as e
inner join claim_unit as u on e.unit_key = u.unit_key
where e.event_on <= cast(:until as date)
group by 1, 2, 3, 4, 5, 6, 7;
