-- grain: one procedure that has dossiers whose time limit the catalogue does not say. A worklist.
-- A barrier: what it joins with the dossiers that one may see are views that read every row.
create view mart.procedure_without_limit with (security_barrier = true) as
select
    d.procedure_code,
    p.procedure_name,
    p.field_name,
    p.is_inferred as is_unknown,
    e.limit_said,
    count(*) as dossier_count,
    count(*) filter (where f.state in ('processing', 'suspended')) as open_count,
    min(f.received_at) as first_received_at,
    max(f.received_at) as last_received_at
from core.dossier_procedure as d
inner join core.fct_dossier as f on d.dossier_code = f.dossier_code
inner join core.dim_procedure as p on d.procedure_code = p.procedure_code and p.is_last
left join lateral (
    select c.limit_said
    from core.catalogue_entry as c
    inner join core.catalogue_import as i on c.import_id = i.import_id
    where c.procedure_code = d.procedure_code
    order by i.valid_from desc, i.import_id desc
    limit 1
) as e on true
where d.limit_value is null
group by d.procedure_code, p.procedure_name, p.field_name, p.is_inferred, e.limit_said;

comment on view mart.procedure_without_limit is
'Worklist: procedures with dossiers for which the catalogue of their day of reception says no time limit, or none that could be read: grain one procedure.';
comment on column mart.procedure_without_limit.procedure_code is 'Core of the code, or x-….';
comment on column mart.procedure_without_limit.procedure_name is 'Name.';
comment on column mart.procedure_without_limit.field_name is 'Sector (lĩnh vực).';
comment on column mart.procedure_without_limit.is_unknown is 'In no catalogue at all.';
comment on column mart.procedure_without_limit.limit_said is 'What the last catalogue writes of its limit; null when nothing.';
comment on column mart.procedure_without_limit.dossier_count is 'Its dossiers without a limit.';
comment on column mart.procedure_without_limit.open_count is 'Those of them that are open.';
comment on column mart.procedure_without_limit.first_received_at is 'First reception, local time.';
comment on column mart.procedure_without_limit.last_received_at is 'Last reception, local time.';
