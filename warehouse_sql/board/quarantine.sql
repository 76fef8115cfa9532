-- grain: one problem of a refused row that is open still.
-- Parameters: source, kind (the rule).
select
    q.source,
    q.rule_id,
    q.dossier_code,
    q.field,
    q.message_vi as reason,
    q.file,
    q.row_number,
    q.first_seen_at
from mart.quarantine_problem as q
where q.resolved_at is null
    and (cast(:source as text) is null or q.source = cast(:source as text))
    and (cast(:kind as text) is null or q.rule_id = cast(:kind as text))
