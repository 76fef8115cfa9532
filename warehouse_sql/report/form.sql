-- grain: one unit of the report with something to count in the period: form II.06.
-- Parameters: date_from, date_to, rule_set, known_at. Needs report_unit.
select f.*, u.level
from mart.form_ii06(:date_from, :date_to, :rule_set, cast(:known_at as timestamptz)) as f
inner join report_unit as u on f.unit_code = u.unit_code and f.valid_from = u.valid_from
order by u.place;
