-- grain: one reporting month (15 of the month before to 14) and unit, as form II.06.
create view vi."Kết quả theo tháng" as
select
    t.month as "Tháng báo cáo",
    t.unit_code as "Mã đơn vị",
    t.unit_name as "Đơn vị",
    sum(t.received_total) as "Tổng số tiếp nhận",
    sum(t.received_online) as "Tiếp nhận trực tuyến",
    sum(t.received_direct_postal) as "Tiếp nhận trực tiếp, bưu chính",
    sum(t.carried_over) as "Từ kỳ trước chuyển qua",
    sum(t.resolved_total) as "Tổng số đã giải quyết",
    sum(t.resolved_early) as "Giải quyết trước hạn",
    sum(t.resolved_on_time) as "Giải quyết đúng hạn",
    sum(t.resolved_late) as "Giải quyết quá hạn",
    sum(t.pending_total) as "Tổng số đang giải quyết",
    sum(t.pending_in_time) as "Đang giải quyết trong hạn",
    sum(t.pending_overdue) as "Đang giải quyết quá hạn",
    max(t.counted_to) as "Tính đến ngày"
from mart.timeliness_month_ii06 as t
group by t.month, t.unit_key, t.unit_code, t.unit_name;

comment on view vi."Kết quả theo tháng" is
'The counts of form II.06 under Vietnamese headings: grain one reporting month (15 of the month before to 14) and unit. Received and resolved add up over months; carried over and open are of a moment, and do not.';
comment on column vi."Kết quả theo tháng"."Tháng báo cáo" is 'First day of the calendar month that names the reporting month: 2023-07-01 stands for 15/6 to 14/7.';
comment on column vi."Kết quả theo tháng"."Mã đơn vị" is 'core.dim_unit, with unit_valid_from.';
comment on column vi."Kết quả theo tháng"."Đơn vị" is 'Name of the unit.';
comment on column vi."Kết quả theo tháng"."Tổng số tiếp nhận" is 'Form column 1 = 2 + 3 + 4.';
comment on column vi."Kết quả theo tháng"."Tiếp nhận trực tuyến" is 'Form column 2.';
comment on column vi."Kết quả theo tháng"."Tiếp nhận trực tiếp, bưu chính" is 'Form column 3.';
comment on column vi."Kết quả theo tháng"."Từ kỳ trước chuyển qua" is 'Form column 4: open at the start.';
comment on column vi."Kết quả theo tháng"."Tổng số đã giải quyết" is 'Form column 5 = 6 + 7 + 8.';
comment on column vi."Kết quả theo tháng"."Giải quyết trước hạn" is 'Form column 6.';
comment on column vi."Kết quả theo tháng"."Giải quyết đúng hạn" is 'Form column 7.';
comment on column vi."Kết quả theo tháng"."Giải quyết quá hạn" is 'Form column 8.';
comment on column vi."Kết quả theo tháng"."Tổng số đang giải quyết" is 'Form column 9 = 10 + 11.';
comment on column vi."Kết quả theo tháng"."Đang giải quyết trong hạn" is 'Form column 10.';
comment on column vi."Kết quả theo tháng"."Đang giải quyết quá hạn" is 'Form column 11.';
comment on column vi."Kết quả theo tháng"."Tính đến ngày" is 'Last day counted: the end of the month, or mart.horizon() while the month is not over.';
