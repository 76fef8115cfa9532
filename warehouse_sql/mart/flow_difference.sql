-- grain: one unit whose daily flows do not sum up to its dossiers (ii06). None may be here.
with flow as (
    select
        u.unit_code,
        u.valid_from as unit_valid_from,
        sum(received) as received,
        sum(resolved_early + resolved_on_time + resolved_late) as resolved
    from mart.daily_flow as f
    inner join core.dim_unit as u on f.unit_key = u.unit_key
    where f.rule_sets & (select r.bit from core.rule_set as r where r.rule_set = 'ii06') <> 0
    group by u.unit_code, u.valid_from
),

fact as (
    select
        unit_code,
        unit_valid_from,
        count(*) filter (where state <> 'vanished') as received,
        count(*) filter (where state in ('resolved', 'withdrawn')) as resolved
    from core.fct_dossier
    where is_counted
    group by unit_code, unit_valid_from
)

select
    coalesce(flow.unit_code, fact.unit_code) as unit_code,
    coalesce(flow.unit_valid_from, fact.unit_valid_from) as unit_valid_from,
    coalesce(flow.received, 0) as received_in_flow,
    coalesce(fact.received, 0) as received_in_facts,
    coalesce(flow.resolved, 0) as resolved_in_flow,
    coalesce(fact.resolved, 0) as resolved_in_facts
from flow
full join fact on flow.unit_code = fact.unit_code and flow.unit_valid_from = fact.unit_valid_from
where coalesce(flow.received, 0) <> coalesce(fact.received, 0)
    or coalesce(flow.resolved, 0) <> coalesce(fact.resolved, 0)
order by unit_code, unit_valid_from;
