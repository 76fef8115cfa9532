-- grain: as core.fct_dossier_edit, of what was known at a moment; infinity: of what is known now.
create function core.edit_as_known(known_at timestamptz)
returns setof core.fct_dossier_edit
language sql stable parallel safe
as $$
select * from core.fct_dossier_edit where known_from <= edit_as_known.known_at
union all
select * from core.fct_dossier_edit_past where known_from <= edit_as_known.known_at and known_to > edit_as_known.known_at
$$;

comment on function core.edit_as_known(timestamptz) is
'Edits after the fact as known at a moment: columns of core.fct_dossier_edit. infinity: what is known now.';
