-- grain: one rule by which rows of one source are refused, and are open still.
-- Parameters: none.
select
    q.source,
    min(s.source_name_vi) as source_name_vi,
    min(s.source_name_en) as source_name_en,
    q.rule_id,
    count(*) as problems,
    min(q.first_seen_at) as first_seen_at
from mart.quarantine_problem as q
inner join mart.source as s on q.source = s.source
where q.resolved_at is null
group by q.source, q.rule_id
