-- grain: as core.fct_dossier, of what was known at a moment; infinity: of what is known now.
create function core.dossier_as_known(known_at timestamptz)
returns setof core.fct_dossier
language sql stable parallel safe
as $$
select * from core.fct_dossier where known_from <= dossier_as_known.known_at
union all
select * from core.fct_dossier_past where known_from <= dossier_as_known.known_at and known_to > dossier_as_known.known_at
$$;

comment on function core.dossier_as_known(timestamptz) is
'One row per dossier as known at a moment: columns of core.fct_dossier. infinity: what is known now.';
