-- grain: one dossier that is received and not finished, over both portals.
create view mart.open_dossier as
with today as (
    select d.date, d.working_day_number
    from core.dim_date as d
    where d.date = (select mart.horizon())
)

select
    f.dossier_code,
    f.unit_code,
    f.unit_valid_from,
    f.unit_key,
    f.procedure_key,
    u.unit_name,
    f.procedure_code,
    p.procedure_name,
    f.channel,
    f.result_by_post,
    f.status,
    s.status_name_vi,
    f.state,
    f.received_at,
    f.first_due_at,
    f.due_at,
    f.state = 'processing' and f.due_at::date < t.date as is_overdue,
    case when f.state = 'processing' then d.working_day_number - t.working_day_number end as working_days_left,
    f.last_step_at,
    f.last_step_status,
    f.province_status,
    f.province_said_at,
    f.national_status,
    f.national_said_at,
    f.portal_disagreements,
    f.flags,
    t.date as as_of
from core.fct_dossier as f
cross join today as t
inner join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
inner join core.dim_procedure as p on f.procedure_code = p.procedure_code and p.is_last
inner join core.dim_status as s on f.status = s.status
left join core.dim_date as d on f.due_at::date = d.date
where f.state in ('processing', 'suspended');

comment on view mart.open_dossier is
'Open dossiers: grain one dossier over both portals, as of the last export day (as_of).';
comment on column mart.open_dossier.dossier_code is 'Dossier code.';
comment on column mart.open_dossier.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.open_dossier.unit_valid_from is 'List of units.';
comment on column mart.open_dossier.unit_key is 'core.dim_unit.';
comment on column mart.open_dossier.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.open_dossier.unit_name is 'Name of the unit.';
comment on column mart.open_dossier.procedure_code is 'core.dim_procedure.';
comment on column mart.open_dossier.procedure_name is 'Name of the procedure.';
comment on column mart.open_dossier.channel is 'core.dim_channel.';
comment on column mart.open_dossier.result_by_post is 'Result returned by post; null when no source says.';
comment on column mart.open_dossier.status is 'core.dim_status.';
comment on column mart.open_dossier.status_name_vi is 'Official wording of the status.';
comment on column mart.open_dossier.state is 'processing or suspended.';
comment on column mart.open_dossier.received_at is 'Received, local time.';
comment on column mart.open_dossier.first_due_at is 'First promise, local time.';
comment on column mart.open_dossier.due_at is 'Due date as it stands, local time.';
comment on column mart.open_dossier.is_overdue is 'Due before as_of and not suspended (ii06).';
comment on column mart.open_dossier.working_days_left is
'Working days from as_of to the due date; negative when late; null without a due date or while suspended.';
comment on column mart.open_dossier.last_step_at is 'Last processing step, local time.';
comment on column mart.open_dossier.last_step_status is 'Status after that step.';
comment on column mart.open_dossier.province_status is 'Last status the province said.';
comment on column mart.open_dossier.province_said_at is 'Export moment of that, local time.';
comment on column mart.open_dossier.national_status is 'Last status the national portal said, as sent.';
comment on column mart.open_dossier.national_said_at is 'Export moment of that, local time.';
comment on column mart.open_dossier.portal_disagreements is
'Where the portals differ: missing_national, missing_provincial, status, due_date.';
comment on column mart.open_dossier.flags is 'Rules of severity flag that hold for its last statement.';
comment on column mart.open_dossier.as_of is 'Day of the last export.';
