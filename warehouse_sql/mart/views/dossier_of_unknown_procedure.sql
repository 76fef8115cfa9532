-- grain: one dossier whose procedure the catalogue did not have on the day of reception. A worklist.
-- A barrier: what it joins with the dossiers that one may see are views that read every row.
create view mart.dossier_of_unknown_procedure with (security_barrier = true) as
select
    d.dossier_code,
    f.unit_code,
    f.unit_valid_from,
    f.unit_key,
    f.procedure_key,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.reason,
    case d.reason
        when 'not_named' then 'Không tệp nào ghi thủ tục của hồ sơ.'
        when 'unknown' then 'Thủ tục không có trong danh mục.'
        when 'ended' then 'Thủ tục đã hết hiệu lực trong danh mục từ ' || to_char(e.ended_on, 'DD/MM/YYYY') || '.'
        else 'Thủ tục chưa có trong danh mục ngày nhận hồ sơ; có từ ' || to_char(e.begins_on, 'DD/MM/YYYY') || '.'
    end as reason_vi,
    f.state,
    f.received_at,
    e.ended_on,
    e.begins_on
from core.dossier_procedure as d
inner join core.fct_dossier as f on d.dossier_code = f.dossier_code
inner join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
left join lateral (
    select
        max(p.valid_to) filter (where p.valid_to <= d.received_on) as ended_on,
        min(p.valid_from) filter (where p.valid_from > d.received_on) as begins_on
    from core.dim_procedure as p
    where p.procedure_code = d.procedure_code and not p.is_inferred
) as e on true
where d.reason is not null;

comment on view mart.dossier_of_unknown_procedure is
'Worklist: dossiers filed under a procedure that the catalogue did not have on the day of reception, with the reason: grain one dossier.';
comment on column mart.dossier_of_unknown_procedure.dossier_code is 'Dossier code.';
comment on column mart.dossier_of_unknown_procedure.unit_code is 'core.dim_unit, with unit_valid_from.';
comment on column mart.dossier_of_unknown_procedure.unit_valid_from is 'List of units.';
comment on column mart.dossier_of_unknown_procedure.unit_key is 'core.dim_unit.';
comment on column mart.dossier_of_unknown_procedure.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
comment on column mart.dossier_of_unknown_procedure.unit_name is 'Name of the unit.';
comment on column mart.dossier_of_unknown_procedure.procedure_code is 'Code, or x-… for one known by name only.';
comment on column mart.dossier_of_unknown_procedure.procedure_name is 'Name of the procedure.';
comment on column mart.dossier_of_unknown_procedure.reason is 'not_named, unknown, ended or not_yet_valid.';
comment on column mart.dossier_of_unknown_procedure.reason_vi is 'The same as a sentence.';
comment on column mart.dossier_of_unknown_procedure.state is 'not_received, processing, suspended, resolved or withdrawn.';
comment on column mart.dossier_of_unknown_procedure.received_at is 'Received, local time.';
comment on column mart.dossier_of_unknown_procedure.ended_on is 'First day without it before the reception; null when it never ended.';
comment on column mart.dossier_of_unknown_procedure.begins_on is 'First day with it after the reception; null when there is none.';
