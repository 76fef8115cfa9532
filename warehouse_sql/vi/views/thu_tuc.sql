-- grain: one procedure, its last version.
create view vi."Thủ tục" as
select
    p.procedure_code as "Mã thủ tục",
    p.procedure_name as "Thủ tục",
    p.field_name as "Lĩnh vực",
    p.level as "Cấp thực hiện",
    p.service_level as "Mức dịch vụ",
    p.limit_value as "Thời hạn giải quyết",
    p.limit_unit as "Đơn vị của thời hạn",
    p.is_fee_bearing as "Có phí, lệ phí",
    p.gives_paper_result as "Trả kết quả bản giấy",
    p.decision as "Quyết định công bố",
    p.valid_from as "Có hiệu lực từ",
    p.valid_to as "Hết hiệu lực từ"
from core.dim_procedure as p
where p.is_last;

comment on view vi."Thủ tục" is
'core.dim_procedure under Vietnamese headings: grain one procedure, by its last version.';
comment on column vi."Thủ tục"."Mã thủ tục" is 'Core of the code, d.dddddd; x-… for a procedure known by name only.';
comment on column vi."Thủ tục"."Thủ tục" is 'Name.';
comment on column vi."Thủ tục"."Lĩnh vực" is 'Field name.';
comment on column vi."Thủ tục"."Cấp thực hiện" is 'Levels that carry it out: ministry, province, district, commune, other; several are joined by a comma.';
comment on column vi."Thủ tục"."Mức dịch vụ" is 'Online service: full (toàn trình), partial (một phần) or information (cung cấp thông tin).';
comment on column vi."Thủ tục"."Thời hạn giải quyết" is 'Time limit; 0 means the same day.';
comment on column vi."Thủ tục"."Đơn vị của thời hạn" is 'working_day, day or hour.';
comment on column vi."Thủ tục"."Có phí, lệ phí" is 'Fees are charged; null when no catalogue says.';
comment on column vi."Thủ tục"."Trả kết quả bản giấy" is 'The result is a paper; null when no catalogue says.';
comment on column vi."Thủ tục"."Quyết định công bố" is 'Decision that published it (quyết định công bố).';
comment on column vi."Thủ tục"."Có hiệu lực từ" is 'First day; 1900-01-01 for what motcua starts with and for inferred ones.';
comment on column vi."Thủ tục"."Hết hiệu lực từ" is 'Day after the last; 9999-12-31 while in force.';
