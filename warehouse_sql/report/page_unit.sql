-- grain: one unit that a reader may choose. Needs report_page.
select p.page, p.unit_code, p.valid_from, p.unit_name
from report_page as p
order by p.page;
