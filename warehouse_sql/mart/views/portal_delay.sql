-- grain: one thing that one source stated of one dossier later than another, as known now.
create view mart.portal_delay as
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
        when 'due_moved_after_it_passed' then 'Ngày hẹn trả mới đã được nguồn khác ghi trước: nguồn này ghi trễ.'
        when 'end_before_it_was_seen_open' then 'Ngày kết thúc đã được nguồn khác ghi trước: nguồn này ghi trễ.'
        when 'end_moved' then 'Ngày kết thúc mới đã được nguồn khác ghi trước: nguồn này ghi trễ.'
        when 'received_moved' then 'Ngày tiếp nhận mới đã được nguồn khác ghi trước: nguồn này ghi trễ.'
        else 'Trạng thái đã được nguồn khác ghi trước: nguồn này ghi trễ.'
    end as message_vi,
    e.new_value,
    e.stated_by,
    e.stated_first_at,
    e.first_seen_at,
    e.first_seen_at - e.stated_first_at as length
from core.fct_portal_delay as e
inner join core.fct_dossier as f on e.dossier_code = f.dossier_code
inner join core.dim_unit as u on f.unit_key = u.unit_key;

comment on view mart.portal_delay is
'What one source stated later than another, and would look like an edit after the fact in its own statements alone: grain one change of one dossier. It is the delay of that source, not an edit.';
comment on column mart.portal_delay.dossier_code is 'Dossier code.';
comment on column mart.portal_delay.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.portal_delay.unit_valid_from is 'List of units.';
comment on column mart.portal_delay.unit_key is 'core.dim_unit.';
comment on column mart.portal_delay.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.portal_delay.unit_name is 'Name of the unit.';
comment on column mart.portal_delay.source is 'Who stated it later.';
comment on column mart.portal_delay.kind is 'due_moved_after_it_passed, end_before_it_was_seen_open, end_moved, received_moved or status_backwards.';
comment on column mart.portal_delay.message_vi is 'In words.';
comment on column mart.portal_delay.new_value is 'Instant that was stated, local time; null where it is a status.';
comment on column mart.portal_delay.stated_by is 'Who had stated it before.';
comment on column mart.portal_delay.stated_first_at is 'First export that stated it, local time.';
comment on column mart.portal_delay.first_seen_at is 'First export of the source that stated it, local time.';
comment on column mart.portal_delay.length is 'How much later.';
