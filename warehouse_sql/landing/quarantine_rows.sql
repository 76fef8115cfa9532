-- The refused rows of one staged file, as whoever made the mistake is to read them.
-- Parameters: file_no, file_id, file, seen_at, ids and messages (of the rules), technical (columns that are no payload).
insert into landing.quarantine (
    file_id, source, file, sheet, row_number, dossier_code, rule_id, field, value, message_vi, payload, first_seen_at
)
select
    :file_id, s.source, :file, s.sheet, s.row_number, s.dossier_code, s.refused_rule, s.refused_field, s.refused_value,
    replace(m.message, '{value}', coalesce(s.refused_value, '')),
    jsonb_strip_nulls(to_jsonb(s) - cast(:technical as text [])), :seen_at
from landing.staged_row as s
inner join unnest(cast(:ids as text []), cast(:messages as text [])) as m (rule_id, message)
    on s.refused_rule = m.rule_id
where s.file_no = :file_no and s.verdict = 'quarantined'
order by s.staged_id;
