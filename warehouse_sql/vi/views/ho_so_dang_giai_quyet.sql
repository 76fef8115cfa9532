-- grain: one open dossier, as mart.dossier.
create view vi."Hồ sơ đang giải quyết" as
select
    d.dossier_code as "Mã hồ sơ",
    d.unit_code as "Mã đơn vị",
    d.unit_name as "Đơn vị tiếp nhận",
    d.procedure_name as "Thủ tục",
    d.sector_name as "Lĩnh vực",
    d.channel_name_vi as "Kênh tiếp nhận",
    d.status_name_vi as "Trạng thái",
    d.received_at as "Ngày tiếp nhận",
    d.due_at as "Ngày hẹn trả",
    d.working_days_taken as "Số ngày làm việc đã qua",
    d.working_days_left as "Số ngày làm việc còn lại",
    d.is_overdue_ii06 as "Đang quá hạn",
    d.suspended_since as "Tạm dừng từ",
    d.supplement_count as "Số lần yêu cầu bổ sung",
    d.as_of as "Tính đến ngày"
from mart.dossier as d
where d.is_open;

comment on view vi."Hồ sơ đang giải quyết" is
'Open dossiers under Vietnamese headings: grain one dossier that is received and not finished, as of the last day that is counted; overdue by form II.06 (ii06).';
comment on column vi."Hồ sơ đang giải quyết"."Mã hồ sơ" is 'Dossier code.';
comment on column vi."Hồ sơ đang giải quyết"."Mã đơn vị" is 'Unit that received it, core.dim_unit with unit_valid_from.';
comment on column vi."Hồ sơ đang giải quyết"."Đơn vị tiếp nhận" is 'Name of the unit.';
comment on column vi."Hồ sơ đang giải quyết"."Thủ tục" is 'Name of the procedure then.';
comment on column vi."Hồ sơ đang giải quyết"."Lĩnh vực" is 'Name of the sector.';
comment on column vi."Hồ sơ đang giải quyết"."Kênh tiếp nhận" is 'Official wording of the channel.';
comment on column vi."Hồ sơ đang giải quyết"."Trạng thái" is 'Official wording of the status.';
comment on column vi."Hồ sơ đang giải quyết"."Ngày tiếp nhận" is 'Received, local time.';
comment on column vi."Hồ sơ đang giải quyết"."Ngày hẹn trả" is 'Due date as it stands, local time.';
comment on column vi."Hồ sơ đang giải quyết"."Số ngày làm việc đã qua" is 'Working days from the day of reception to that of the end, or to as_of while open; 0 on the same day. Time waited for the applicant is in it.';
comment on column vi."Hồ sơ đang giải quyết"."Số ngày làm việc còn lại" is 'Working days from as_of to the due date; negative when late; null without a due date and while suspended.';
comment on column vi."Hồ sơ đang giải quyết"."Đang quá hạn" is 'Open and overdue on as_of under the rule set ii06.';
comment on column vi."Hồ sơ đang giải quyết"."Tạm dừng từ" is 'Since when it waits for the applicant or is stopped, local time; null while it does not.';
comment on column vi."Hồ sơ đang giải quyết"."Số lần yêu cầu bổ sung" is 'Times the clock was stopped.';
comment on column vi."Hồ sơ đang giải quyết"."Tính đến ngày" is 'Last day that is counted, mart.horizon().';
