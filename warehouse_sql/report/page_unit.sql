-- grain: one unit that a reader may choose. Needs report_page.
select p.unit_no, p.unit_code, p.valid_from, p.unit_name
from report_page as p
order by p.unit_no;
