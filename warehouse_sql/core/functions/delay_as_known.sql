-- grain: as core.fct_portal_delay, of what was known at a moment; infinity: of what is known now.
create function core.delay_as_known(known_at timestamptz)
returns setof core.fct_portal_delay
language sql stable parallel safe
as $$
select * from core.fct_portal_delay where known_from <= delay_as_known.known_at
union all
select * from core.fct_portal_delay_past where known_from <= delay_as_known.known_at and known_to > delay_as_known.known_at
$$;

comment on function core.delay_as_known(timestamptz) is
'Delays between the portals as known at a moment: columns of core.fct_portal_delay. infinity: what is known now.';
