-- grain: one procedure that came, ended or changed in one field on one day.
create view mart.catalogue_change as
with version as (
    select
        p.procedure_code,
        p.valid_from,
        p.valid_to,
        p.procedure_name,
        p.is_last,
        p.import_id,
        -- Field by field as text: the same names and order on both sides of a change.
        array['name', 'field_code', 'field', 'level', 'service_level', 'limit', 'online_limit', 'fee', 'paper',
            'decision', 'local_codes'] as names,
        array[
            p.procedure_name, p.field_code, p.field_name, p.level, p.service_level,
            p.limit_value::text || ' ' || p.limit_unit, p.online_limit_value::text || ' ' || p.online_limit_unit,
            p.is_fee_bearing::text, p.gives_paper_result::text, p.decision,
            nullif(array_to_string(p.local_codes, ', '), '')
        ] as written
    from core.dim_procedure as p
    where not p.is_inferred
),

paired as (
    select
        v.*,
        lag(v.valid_to) over w as before_to,
        lag(v.written) over w as before_written,
        lead(v.valid_from) over w as after_from
    from version as v
    window w as (partition by v.procedure_code order by v.valid_from)
),

change as (
    select
        p.valid_from as date, 'new' as kind, p.procedure_code, p.procedure_name,
        null as field, null as old_value, null as new_value
    from paired as p
    -- What motcua starts with is no change.
    where p.valid_from > date '1900-01-01' and p.before_to is distinct from p.valid_from
    union all
    select p.valid_from, 'changed', p.procedure_code, p.procedure_name, c.field, c.old_value, c.new_value
    from paired as p
    cross join lateral unnest(p.names, p.before_written, p.written) as c (field, old_value, new_value)
    where p.before_to = p.valid_from and c.old_value is distinct from c.new_value
    union all
    select p.valid_to, 'ended', p.procedure_code, p.procedure_name, null, null, null
    from paired as p
    where p.valid_to < date '9999-12-31' and p.after_from is distinct from p.valid_to
)

select
    c.date,
    c.kind,
    c.procedure_code,
    c.procedure_name,
    c.field,
    c.old_value,
    c.new_value,
    i.file_name,
    i.imported_at
from change as c
left join lateral (
    select g.file_name, g.imported_at
    from core.catalogue_import as g
    where g.valid_from = c.date
    order by g.import_id desc
    limit 1
) as i on true;

comment on view mart.catalogue_change is
'Changes of the catalogue of procedures by day: grain one procedure that came or ended, or one field of it that changed.';
comment on column mart.catalogue_change.date is 'First day on which it is so.';
comment on column mart.catalogue_change.kind is 'new, changed or ended.';
comment on column mart.catalogue_change.procedure_code is 'Core of the code.';
comment on column mart.catalogue_change.procedure_name is 'Name from that day on; of an ended one its last.';
comment on column mart.catalogue_change.field is
'Of a changed one: name, field_code, field, level, service_level, limit, online_limit, fee, paper, decision or local_codes.';
comment on column mart.catalogue_change.old_value is 'Value before.';
comment on column mart.catalogue_change.new_value is 'Value from that day on.';
comment on column mart.catalogue_change.file_name is 'Catalogue file that says so.';
comment on column mart.catalogue_change.imported_at is 'When that file was taken over: how late the catalogue was brought up to date.';
