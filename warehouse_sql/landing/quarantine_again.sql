-- Rows that are refused once more, perhaps for another reason than before.
-- Parameters: file_id, ids and messages (of the rules).
with refused as materialized (
    select s.sheet, s.row_number, s.refused_rule, s.refused_field, s.refused_value
    from landing.staged_row as s
    where s.verdict = 'quarantined'
)

update landing.quarantine as q
set
    rule_id = s.refused_rule, field = s.refused_field, value = s.refused_value,
    message_vi = replace(m.message, '{value}', coalesce(s.refused_value, ''))
from refused as s
inner join unnest(cast(:ids as text []), cast(:messages as text [])) as m (rule_id, message)
    on s.refused_rule = m.rule_id
where q.file_id = :file_id and q.row_number = s.row_number and q.sheet is not distinct from s.sheet
    and (q.rule_id, q.field, q.value) is distinct from (s.refused_rule, s.refused_field, s.refused_value);
