-- The surrogate keys of the dimensions go on into the marts. That of a unit follows from its natural key, as in core.dim_unit, so
-- that no statement that fills a mart has to look it up.
do $$
declare
    -- the first 60 bits of the MD5 of the natural key, as in core.dim_unit
    unit_key constant text := 'cast(cast(''x'' || left(md5(unit_code || ''@'' || cast(unit_valid_from - date ''1900-01-01'' as text)), 15)'
        ' as bit(60)) as bigint)';
    mart text;
begin
    foreach mart in array array['overdue_stock', 'timeliness_count', 'due_soon', 'issued_form'] loop
        execute format('alter table mart.%I add column unit_key bigint not null generated always as (%s) stored', mart, unit_key);
        execute format('comment on column mart.%I.unit_key is %L', mart, 'core.dim_unit; made from unit_code and unit_valid_from.');
    end loop;
    execute format(
        'alter table mart.target add column unit_key bigint generated always as (case when unit_code <> ''all'' then %s end) stored',
        unit_key
    );
    comment on column mart.target.unit_key is 'core.dim_unit; made from unit_code and unit_valid_from, null for all units together.';
end
$$;

alter table mart.timeliness_count add column procedure_key bigint;
update mart.timeliness_count as t
set procedure_key = p.procedure_key
from core.dim_procedure as p
where t.procedure_code = p.procedure_code and p.is_last;
comment on column mart.timeliness_count.procedure_key is
'core.dim_procedure: the last version of the procedure, since a month counts its dossiers whatever version they were received under.';

alter table mart.due_soon add column procedure_key bigint;
update mart.due_soon as s
set procedure_key = f.procedure_key
from core.fct_dossier as f
where s.dossier_code = f.dossier_code;
comment on column mart.due_soon.procedure_key is 'core.dim_procedure: the version that stood on the day of reception.';
