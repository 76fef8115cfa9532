-- grain: one sector that a reader may choose. Needs report_sector.
select f.sector_no, f.field_name
from report_sector as f
order by f.sector_no;
