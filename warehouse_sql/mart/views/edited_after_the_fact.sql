-- grain: one change of one dossier in the snapshots of one source that needs a look, as known now.
create view mart.edited_after_the_fact as
select
    e.dossier_code,
    f.unit_code,
    f.unit_valid_from,
    f.unit_key,
    f.procedure_key,
    u.unit_name,
    e.source,
    e.kind,
    case e.kind
        when 'due_moved_after_it_passed' then 'Ngày hẹn trả được dời sau khi đã quá hạn: cần kiểm tra.'
        when 'end_before_it_was_seen_open' then 'Ngày kết thúc sớm hơn lúc hồ sơ còn được báo đang mở: cần kiểm tra.'
        when 'end_moved' then 'Ngày kết thúc được sửa sau khi đã kết thúc: cần kiểm tra.'
        when 'received_moved' then 'Ngày tiếp nhận được sửa: cần kiểm tra.'
        when 'status_backwards' then 'Trạng thái đi lùi: cần kiểm tra.'
        when 'vanished' then 'Hồ sơ không còn trong danh sách đầy đủ của nguồn: cần kiểm tra.'
        else 'Hồ sơ có lúc không có trong danh sách đầy đủ của nguồn, sau đó có lại: cần kiểm tra.'
    end as message_vi,
    e.old_value,
    e.new_value,
    e.old_status,
    e.new_status,
    e.last_seen_before,
    e.first_seen_at,
    x.path as file,
    e.row_number
from mart.edited_as_known('infinity') as e
inner join landing.export_file as x on e.file_id = x.file_id
left join core.fct_dossier as f on e.dossier_code = f.dossier_code
left join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from;

comment on view mart.edited_after_the_fact is
'Changes in a sources own snapshots that need a look: grain one change of one dossier. To be checked; nothing more is said.';
comment on column mart.edited_after_the_fact.dossier_code is 'Dossier code.';
comment on column mart.edited_after_the_fact.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.edited_after_the_fact.unit_valid_from is 'List of units.';
comment on column mart.edited_after_the_fact.unit_key is 'core.dim_unit.';
comment on column mart.edited_after_the_fact.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.edited_after_the_fact.unit_name is 'Name of the unit.';
comment on column mart.edited_after_the_fact.source is 'Whose snapshots.';
comment on column mart.edited_after_the_fact.kind is 'due_moved_after_it_passed, end_before_it_was_seen_open, end_moved, received_moved, status_backwards, vanished or vanished_and_came_back.';
comment on column mart.edited_after_the_fact.message_vi is 'In words.';
comment on column mart.edited_after_the_fact.old_value is 'Instant before, local time.';
comment on column mart.edited_after_the_fact.new_value is 'Instant after, local time; of a dossier that came back, when it was named again.';
comment on column mart.edited_after_the_fact.old_status is 'Status before.';
comment on column mart.edited_after_the_fact.new_status is 'Status after.';
comment on column mart.edited_after_the_fact.last_seen_before is 'Last export that still said the old, local time.';
comment on column mart.edited_after_the_fact.first_seen_at is 'First export that said the new, or the first complete list that did not name it; local time.';
comment on column mart.edited_after_the_fact.file is 'That exports file.';
comment on column mart.edited_after_the_fact.row_number is 'Row in the file; null where the dossier is not in it.';
