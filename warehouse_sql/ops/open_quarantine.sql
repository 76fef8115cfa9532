-- grain: one rule of one source with rows that are still in quarantine.
select
    source,
    rule_id,
    count(*) as row_count
from landing.quarantine
where resolved_at is null
group by source, rule_id
order by source, rule_id;
