-- grain: one unit in one list of units.
create view vi."Đơn vị" as
select
    u.unit_code as "Mã đơn vị",
    u.unit_name as "Đơn vị",
    u.level as "Cấp",
    u.parent_code as "Mã đơn vị cấp trên",
    u.province_code as "Mã tỉnh",
    u.valid_from as "Có hiệu lực từ",
    u.valid_to as "Hết hiệu lực từ"
from core.dim_unit as u;

comment on view vi."Đơn vị" is
'core.dim_unit under Vietnamese headings: grain one code in one list (before and since 1/7/2025). Codes were reused with new meanings.';
comment on column vi."Đơn vị"."Mã đơn vị" is 'GSO code; x-… for a unit inferred from a name that no list knows.';
comment on column vi."Đơn vị"."Đơn vị" is 'Official name.';
comment on column vi."Đơn vị"."Cấp" is 'province, district, commune or unknown.';
comment on column vi."Đơn vị"."Mã đơn vị cấp trên" is 'Code of the unit above in the same list.';
comment on column vi."Đơn vị"."Mã tỉnh" is 'Code of its province in the same list.';
comment on column vi."Đơn vị"."Có hiệu lực từ" is 'First day; 1900-01-01 stands for the list before 1/7/2025.';
comment on column vi."Đơn vị"."Hết hiệu lực từ" is 'Day after the last; 9999-12-31 while valid.';
