-- Notes one issue of a report; the same report again counts on. Parameters: the columns of ops.report_issue but the last three.
insert into ops.report_issue as i (
    report_id, parameters, date_from, date_to, rule_set, known_at, known_through, input_files, input_digest,
    rules_version, calendar_version, units_version, procedures_version, code_version, content_digest,
    first_issued_at, last_issued_at
)
values (
    :report_id, cast(:parameters as jsonb), cast(:date_from as date), cast(:date_to as date), :rule_set, :known_at,
    :known_through, :input_files, :input_digest, :rules_version, :calendar_version, :units_version,
    :procedures_version, :code_version, :content_digest, clock_timestamp(), clock_timestamp()
)
on conflict (report_id) do update
set last_issued_at = greatest(i.last_issued_at, excluded.last_issued_at), issued_count = i.issued_count + 1;
