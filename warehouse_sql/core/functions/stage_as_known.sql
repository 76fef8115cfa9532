-- grain: as core.fct_stage, of what was known at a moment; infinity: of what is known now.
create function core.stage_as_known(known_at timestamptz)
returns setof core.fct_stage
language sql stable parallel safe
as $$
select * from core.fct_stage where known_from <= stage_as_known.known_at
union all
select * from core.fct_stage_past where known_from <= stage_as_known.known_at and known_to > stage_as_known.known_at
$$;

comment on function core.stage_as_known(timestamptz) is
'Stages as known at a moment: columns of core.fct_stage. infinity: what is known now.';
