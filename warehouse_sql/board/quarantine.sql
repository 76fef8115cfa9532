-- grain: one problem of a refused row that is open still.
-- Parameters: source, kind (the rule), rule_ids and messages_en (what the catalogue of rules says in English).
select
    q.source,
    s.source_name_vi,
    s.source_name_en,
    q.rule_id,
    q.dossier_code,
    q.field,
    q.message_vi as reason_vi,
    coalesce(replace(r.message_en, '{value}', coalesce(q.value, '')), q.message_vi) as reason_en,
    q.file,
    q.row_number,
    q.first_seen_at
from mart.quarantine_problem as q
inner join mart.source as s on q.source = s.source
left join unnest(cast(:rule_ids as text []), cast(:messages_en as text [])) as r (rule_id, message_en) on q.rule_id = r.rule_id
where q.resolved_at is null
    and (cast(:source as text) is null or q.source = cast(:source as text))
    and (cast(:kind as text) is null or q.rule_id = cast(:kind as text))
