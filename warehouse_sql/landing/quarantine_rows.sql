-- The refused rows of all files of a run, as whoever made the mistake is to read them. Needs run_file.
-- Parameters: ids and messages (of the rules), technical (columns that are no payload).
insert into landing.quarantine (
    file_id, source, file, sheet, row_number, dossier_code, rule_id, field, value, message_vi, payload, first_seen_at
)
-- Apart: a row as a whole is taken of one table, where the others may lie on several servers.
with refused as materialized (
    select r.*, jsonb_strip_nulls(to_jsonb(r) - cast(:technical as text [])) as payload
    from landing.staged_row as r
    where r.verdict = 'quarantined'
)

select
    f.file_id, s.source, f.path, s.sheet, s.row_number, s.dossier_code, s.refused_rule, s.refused_field, s.refused_value,
    replace(m.message, '{value}', coalesce(s.refused_value, '')), s.payload, f.received_at
from refused as s
inner join run_file as n on s.file_no = n.file_no
inner join landing.export_file as f on n.file_id = f.file_id
inner join unnest(cast(:ids as text []), cast(:messages as text [])) as m (rule_id, message)
    on s.refused_rule = m.rule_id
order by s.staged_id;
