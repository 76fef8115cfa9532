-- grain: one unit with open dossiers at the end of the day `through` (ii06).
select unit_code, unit_valid_from, unit_name, overdue_open, pending
from mart.overdue_stock
where date = cast(:through as date) and rule_set = 'ii06' and pending > 0
order by unit_code, unit_valid_from;
