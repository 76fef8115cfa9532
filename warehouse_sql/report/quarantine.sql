-- grain: one rule of one source with rows in quarantine at a moment. Parameters: known_at.
select q.source, q.rule_id, count(*) as row_count
from landing.quarantine as q
inner join landing.export_file as f on q.file_id = f.file_id
where f.received_at <= cast(:known_at as timestamptz)
    and (q.resolved_at is null or q.resolved_at > cast(:known_at as timestamptz))
group by q.source, q.rule_id
order by q.source, q.rule_id;
