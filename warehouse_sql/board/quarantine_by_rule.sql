-- grain: one rule by which rows of one source are refused, and are open still.
-- Parameters: none.
select
    q.source,
    q.rule_id,
    count(*) as problems,
    min(q.first_seen_at) as first_seen_at
from mart.quarantine_problem as q
where q.resolved_at is null
group by q.source, q.rule_id
