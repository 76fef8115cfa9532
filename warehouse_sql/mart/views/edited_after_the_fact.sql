-- grain: one change of one dossier in the snapshots of one source that needs a look. It says "to be checked", never more.
create view mart.edited_after_the_fact as
with
-- Until when the statement before was still said: its last repeat, or itself.
step as (
    select
        s.*,
        lag(s.class) over w as old_class,
        lag(s.status) over w as old_status,
        lag(s.due_at) over w as old_due_at,
        lag(s.ended_at) over w as old_ended_at,
        lag(s.received_at) over w as old_received_at,
        greatest(
            lag(s.effective_from) over w,
            (
                select max(r.effective_from)
                from history.dossier_repeat as r
                where r.dossier_code = s.dossier_code and r.source = s.source and r.effective_from < s.effective_from
            )
        ) as last_seen_before
    from history.dossier_statement as s
    window w as (
        partition by s.dossier_code, s.source order by s.effective_from, s.state_at, s.state_rank, s.file_rank
    )
),

edited as (
    select
        s.*, 'due_moved_after_it_passed' as kind, s.old_due_at as old_value, s.due_at as new_value
    from step as s
    where s.old_class = 'processing' and s.class = 'processing' and s.due_at > s.old_due_at
        and s.old_due_at::date < s.effective_from::date
    union all
    select s.*, 'end_before_it_was_seen_open', null, s.ended_at
    from step as s
    where s.class = 'finished' and s.old_class in ('processing', 'suspended') and s.ended_at < s.last_seen_before
    union all
    select s.*, 'end_moved', s.old_ended_at, s.ended_at
    from step as s
    where s.class = 'finished' and s.old_class = 'finished' and s.ended_at <> s.old_ended_at
    union all
    select s.*, 'received_moved', s.old_received_at, s.received_at
    from step as s
    where s.received_at <> s.old_received_at
    union all
    select s.*, 'status_backwards', null, null
    from step as s
    where (s.old_class = 'finished' and s.class <> 'finished')
        or (s.old_class in ('processing', 'suspended') and s.class = 'not_received')
)

select
    e.dossier_code,
    f.unit_code,
    f.unit_valid_from,
    u.unit_name,
    e.source,
    e.kind,
    case e.kind
        when 'due_moved_after_it_passed' then 'Ngày hẹn trả được dời sau khi đã quá hạn: cần kiểm tra.'
        when 'end_before_it_was_seen_open' then 'Ngày kết thúc sớm hơn lúc hồ sơ còn được báo đang mở: cần kiểm tra.'
        when 'end_moved' then 'Ngày kết thúc được sửa sau khi đã kết thúc: cần kiểm tra.'
        when 'received_moved' then 'Ngày tiếp nhận được sửa: cần kiểm tra.'
        else 'Trạng thái đi lùi: cần kiểm tra.'
    end as message_vi,
    e.old_value,
    e.new_value,
    e.old_status,
    e.status as new_status,
    e.last_seen_before,
    e.effective_from as first_seen_at,
    x.path as file,
    e.row_number
from edited as e
inner join landing.export_file as x on e.file_id = x.file_id
left join core.fct_dossier as f on e.dossier_code = f.dossier_code
left join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from;

comment on view mart.edited_after_the_fact is
'Changes in a sources own snapshots that need a look: grain one change of one dossier. To be checked; nothing more is said.';
comment on column mart.edited_after_the_fact.dossier_code is 'Dossier code.';
comment on column mart.edited_after_the_fact.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.edited_after_the_fact.unit_valid_from is 'List of units.';
comment on column mart.edited_after_the_fact.unit_name is 'Name of the unit.';
comment on column mart.edited_after_the_fact.source is 'Whose snapshots.';
comment on column mart.edited_after_the_fact.kind is 'due_moved_after_it_passed, end_before_it_was_seen_open, end_moved, received_moved or status_backwards.';
comment on column mart.edited_after_the_fact.message_vi is 'In words.';
comment on column mart.edited_after_the_fact.old_value is 'Instant before, local time.';
comment on column mart.edited_after_the_fact.new_value is 'Instant after, local time.';
comment on column mart.edited_after_the_fact.old_status is 'Status before.';
comment on column mart.edited_after_the_fact.new_status is 'Status after.';
comment on column mart.edited_after_the_fact.last_seen_before is 'Last export that still said the old, local time.';
comment on column mart.edited_after_the_fact.first_seen_at is 'First export that said the new, local time.';
comment on column mart.edited_after_the_fact.file is 'That exports file.';
comment on column mart.edited_after_the_fact.row_number is 'Row in the file.';
