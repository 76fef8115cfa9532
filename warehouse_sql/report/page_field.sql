-- grain: one field that a reader may choose. Needs report_field.
select f.field, f.field_name
from report_field as f
order by f.field;
