-- Keeps form II.06 as the first issue of a report has it. Parameter: report_id.
insert into mart.issued_form (
    report_id, date_from, date_to, rule_set, known_through, unit_code, unit_valid_from, figure, quantity, issued_at
)
select
    i.report_id, i.date_from, i.date_to, i.rule_set, i.known_through, f.unit_code, f.unit_valid_from, f.figure, f.quantity,
    i.first_issued_at
from ops.report_issue as i
cross join lateral mart.form_figure(i.date_from, i.date_to, i.rule_set, i.known_through) as f
where i.report_id = :report_id and i.issued_count = 1 and i.known_through is not null
on conflict do nothing;
