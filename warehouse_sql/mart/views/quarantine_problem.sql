-- grain: one problem that a sender has to mend: one value of one field of one dossier of one source under one rule; of a
-- row without a code one row of one file. However often it was sent, it is one problem.
create view mart.quarantine_problem as
with problem as (
    select
        q.*,
        f.received_at,
        f.effective_at,
        case when q.dossier_code is null then q.file end as own_file,
        case when q.dossier_code is null then q.sheet end as own_sheet,
        case when q.dossier_code is null then q.row_number end as own_row
    from landing.quarantine as q
    inner join landing.export_file as f on q.file_id = f.file_id
),

counted as (
    select
        p.source,
        p.dossier_code,
        p.rule_id,
        p.field,
        p.value,
        p.own_file,
        p.own_sheet,
        p.own_row,
        count(*) as seen_count,
        count(distinct p.file_id) as file_count,
        min(p.first_seen_at) as first_seen_at,
        max(p.first_seen_at) as last_seen_at,
        -- open as long as any of its rows is
        case when count(*) = count(p.resolved_at) then max(p.resolved_at) end as resolved_at,
        case
            when count(*) = count(p.resolved_at) then (array_agg(p.resolved_by order by p.resolved_at desc, p.quarantine_id desc))[1]
        end as resolved_by,
        (array_agg(p.quarantine_id order by p.effective_at desc, p.quarantine_id desc))[1] as quarantine_id
    from problem as p
    group by p.source, p.dossier_code, p.rule_id, p.field, p.value, p.own_file, p.own_sheet, p.own_row
)

select
    c.source,
    c.dossier_code,
    c.rule_id,
    c.field,
    c.value,
    q.message_vi,
    q.file_id,
    q.file,
    q.sheet,
    q.row_number,
    c.seen_count,
    c.file_count,
    c.first_seen_at,
    c.last_seen_at,
    c.resolved_at,
    c.resolved_by
from counted as c
inner join landing.quarantine as q on c.quarantine_id = q.quarantine_id;

comment on view mart.quarantine_problem is
'What senders have to mend: grain one value of one field of one dossier of one source under one rule (without a code: one row of one file), however often it was sent.';
comment on column mart.quarantine_problem.source is 'Source.';
comment on column mart.quarantine_problem.dossier_code is 'Dossier code as written, if any.';
comment on column mart.quarantine_problem.rule_id is 'Rule of the catalogue that refused it.';
comment on column mart.quarantine_problem.field is 'Field at fault, by its canonical or source name.';
comment on column mart.quarantine_problem.value is 'What stands there.';
comment on column mart.quarantine_problem.message_vi is 'What is wrong and what to do, in Vietnamese.';
comment on column mart.quarantine_problem.file_id is 'The file that was exported last with it, landing.export_file.';
comment on column mart.quarantine_problem.file is 'Path of that file relative to the landing root.';
comment on column mart.quarantine_problem.sheet is 'Its worksheet; null for JSON and CSV.';
comment on column mart.quarantine_problem.row_number is 'Worksheet row, CSV line or place in the JSON list, from 1.';
comment on column mart.quarantine_problem.seen_count is 'Rows with this problem.';
comment on column mart.quarantine_problem.file_count is 'Files with this problem.';
comment on column mart.quarantine_problem.first_seen_at is 'When it first came.';
comment on column mart.quarantine_problem.last_seen_at is 'When it last came.';
comment on column mart.quarantine_problem.resolved_at is 'When the last of its rows found its way home; null while one is open.';
comment on column mart.quarantine_problem.resolved_by is 'How: later_file, replay or correction; null while open.';
