-- grain: one day and unit, as mart.overdue_daily_ii06.
create view vi."Quá hạn theo ngày" as
select
    o.date as "Ngày",
    o.unit_code as "Mã đơn vị",
    o.unit_name as "Đơn vị",
    o.newly_overdue as "Mới quá hạn",
    o.overdue_cleared as "Hết quá hạn",
    o.overdue_open as "Đang quá hạn",
    o.pending as "Đang giải quyết"
from mart.overdue_daily_ii06 as o;

comment on view vi."Quá hạn theo ngày" is
'mart.overdue_daily_ii06 under Vietnamese headings: grain one day and unit. Newly overdue and cleared add up over days; open and overdue are of the end of a day, and do not.';
comment on column vi."Quá hạn theo ngày"."Ngày" is 'Day.';
comment on column vi."Quá hạn theo ngày"."Mã đơn vị" is 'core.dim_unit, with unit_valid_from.';
comment on column vi."Quá hạn theo ngày"."Đơn vị" is 'Name of the unit.';
comment on column vi."Quá hạn theo ngày"."Mới quá hạn" is 'Became overdue that day.';
comment on column vi."Quá hạn theo ngày"."Hết quá hạn" is 'Ceased to be open and overdue that day.';
comment on column vi."Quá hạn theo ngày"."Đang quá hạn" is 'Open and overdue at the end of the day.';
comment on column vi."Quá hạn theo ngày"."Đang giải quyết" is 'Open at the end of the day, suspended ones included.';
