-- grain: one dossier, as mart.dossier.
create view vi."Hồ sơ" as
select
    d.dossier_code as "Mã hồ sơ",
    d.unit_code as "Mã đơn vị",
    d.unit_name as "Đơn vị tiếp nhận",
    d.district_name as "Huyện cũ",
    d.current_unit_code as "Mã đơn vị hiện nay",
    d.current_unit_name as "Đơn vị hiện nay",
    d.is_unit_divided as "Đơn vị bị chia",
    d.procedure_code as "Mã thủ tục",
    d.procedure_name as "Thủ tục",
    d.sector_name as "Lĩnh vực",
    d.channel_name_vi as "Kênh tiếp nhận",
    d.status_name_vi as "Trạng thái",
    d.is_counted as "Tính vào biểu",
    d.is_open as "Đang giải quyết",
    d.submitted_at as "Ngày nộp",
    d.received_at as "Ngày tiếp nhận",
    d.first_due_at as "Ngày hẹn trả đầu tiên",
    d.due_at as "Ngày hẹn trả",
    d.ended_at as "Ngày kết thúc xử lý",
    d.returned_at as "Ngày trả kết quả",
    d.working_days_taken as "Số ngày làm việc đã qua",
    d.working_days_left as "Số ngày làm việc còn lại",
    d.is_on_time_ii06 as "Giải quyết đúng hạn",
    d.is_overdue_ii06 as "Đang quá hạn",
    d.suspended_since as "Tạm dừng từ",
    d.waiting_for_hand_over_since as "Chờ trả kết quả từ",
    d.supplement_count as "Số lần yêu cầu bổ sung",
    d.is_paid_online as "Thanh toán trực tuyến",
    d.fee_amount as "Phí, lệ phí (đồng)",
    d.is_digitised as "Có thành phần số hóa",
    d.is_answered_electronically as "Có kết quả điện tử",
    d.has_household_book as "Có sổ hộ khẩu",
    d.has_identity_copy as "Có bản sao CCCD, CMND",
    d.as_of as "Tính đến ngày"
from mart.dossier as d;

comment on view vi."Hồ sơ" is
'mart.dossier under Vietnamese headings: grain one dossier, as known now; on time by form II.06 (ii06).';
comment on column vi."Hồ sơ"."Mã hồ sơ" is 'Dossier code.';
comment on column vi."Hồ sơ"."Mã đơn vị" is 'Unit that received it, core.dim_unit with unit_valid_from.';
comment on column vi."Hồ sơ"."Đơn vị tiếp nhận" is 'Name of the unit.';
comment on column vi."Hồ sơ"."Huyện cũ" is 'Name of that district.';
comment on column vi."Hồ sơ"."Mã đơn vị hiện nay" is 'Unit of today''s list that took over the unit: itself, if it is still there. Of a divided unit the one to take when one is wanted.';
comment on column vi."Hồ sơ"."Đơn vị hiện nay" is 'Name of that unit.';
comment on column vi."Hồ sơ"."Đơn vị bị chia" is 'Several units took over parts of the unit: current_unit_code is then an estimate for this dossier.';
comment on column vi."Hồ sơ"."Mã thủ tục" is 'Core of the code of the procedure.';
comment on column vi."Hồ sơ"."Thủ tục" is 'Name of the procedure then.';
comment on column vi."Hồ sơ"."Lĩnh vực" is 'Name of the sector.';
comment on column vi."Hồ sơ"."Kênh tiếp nhận" is 'Official wording of the channel.';
comment on column vi."Hồ sơ"."Trạng thái" is 'Official wording of the status.';
comment on column vi."Hồ sơ"."Tính vào biểu" is 'Received, and so counted in forms.';
comment on column vi."Hồ sơ"."Đang giải quyết" is 'Received and not finished.';
comment on column vi."Hồ sơ"."Ngày nộp" is 'Submitted, local time.';
comment on column vi."Hồ sơ"."Ngày tiếp nhận" is 'Received, local time.';
comment on column vi."Hồ sơ"."Ngày hẹn trả đầu tiên" is 'First promise, local time.';
comment on column vi."Hồ sơ"."Ngày hẹn trả" is 'Due date as it stands, local time.';
comment on column vi."Hồ sơ"."Ngày kết thúc xử lý" is 'End of processing, local time; null while open. Timeliness is judged by it.';
comment on column vi."Hồ sơ"."Ngày trả kết quả" is 'Result handed over, local time.';
comment on column vi."Hồ sơ"."Số ngày làm việc đã qua" is 'Working days from the day of reception to that of the end, or to as_of while open; 0 on the same day. Time waited for the applicant is in it.';
comment on column vi."Hồ sơ"."Số ngày làm việc còn lại" is 'Working days from as_of to the due date; negative when late; null without a due date and while suspended.';
comment on column vi."Hồ sơ"."Giải quyết đúng hạn" is 'Finished early or on time under the rule set ii06; false: finished late; null: not finished, or not timed by it. Summed by the day of the end, the figures of mart.form_ii06.';
comment on column vi."Hồ sơ"."Đang quá hạn" is 'Open and overdue on as_of under the rule set ii06.';
comment on column vi."Hồ sơ"."Tạm dừng từ" is 'Since when it waits for the applicant or is stopped, local time; null while it does not.';
comment on column vi."Hồ sơ"."Chờ trả kết quả từ" is 'Since when the result is ready and not handed over, local time: the end of processing. Null where it was handed over.';
comment on column vi."Hồ sơ"."Số lần yêu cầu bổ sung" is 'Times the clock was stopped.';
comment on column vi."Hồ sơ"."Thanh toán trực tuyến" is 'Paid online, as indicator 3.6 counts; null: not stated, or none is asked for.';
comment on column vi."Hồ sơ"."Phí, lệ phí (đồng)" is 'Fees, dong.';
comment on column vi."Hồ sơ"."Có thành phần số hóa" is 'Has digitised papers, as indicator 4.3 counts; null: not stated.';
comment on column vi."Hồ sơ"."Có kết quả điện tử" is 'Has an electronic result, as indicator 4.1 counts of finished dossiers; null: not stated, or not asked for.';
comment on column vi."Hồ sơ"."Có sổ hộ khẩu" is 'A household-registration book is among the papers, which may not be asked for any more.';
comment on column vi."Hồ sơ"."Có bản sao CCCD, CMND" is 'A copy of CCCD or CMND is among the papers, which may not be asked for any more.';
comment on column vi."Hồ sơ"."Tính đến ngày" is 'Last day that is counted, mart.horizon().';
