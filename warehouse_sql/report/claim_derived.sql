-- grain: as report/claim_stored.sql, for any rule sets and any moment of knowledge, from the lives of the dossiers.
-- Parameters: until, rule_sets, known_at. Needs claim_unit.
select
    u.group_no,
    r.rule_set,
    d.channel,
    u.place,
    cast(d.received_at as date) as received_on,
    e.kind,
    e.event_on,
    sum(e.quantity) as quantity
from core.dossier_as_known(cast(:known_at as timestamptz)) as d
inner join claim_unit as u on d.unit_code = u.unit_code and d.unit_valid_from = u.valid_from
cross join unnest(cast(:rule_sets as text [])) as r (rule_set)
cross join lateral core.rule_event(r.rule_set, d.received_at, d.spans, d.limit_due_at) as e
where e.event_on <= cast(:until as date)
group by 1, 2, 3, 4, 5, 6, 7;
