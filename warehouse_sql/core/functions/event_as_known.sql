-- grain: as core.fct_dossier_event, of what was known at a moment; infinity: of what is known now.
create function core.event_as_known(known_at timestamptz)
returns setof core.fct_dossier_event
language sql stable parallel safe
as $$
select * from core.fct_dossier_event where known_from <= event_as_known.known_at
union all
select * from core.fct_dossier_event_past where known_from <= event_as_known.known_at and known_to > event_as_known.known_at
$$;

comment on function core.event_as_known(timestamptz) is
'Events as known at a moment: columns of core.fct_dossier_event. infinity: what is known now.';
