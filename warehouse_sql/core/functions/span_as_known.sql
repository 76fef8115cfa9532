-- grain: as core.fct_dossier_span, of what was known at a moment; infinity: of what is known now.
create function core.span_as_known(known_at timestamptz)
returns setof core.fct_dossier_span
language sql stable parallel safe
as $$
select * from core.fct_dossier_span where known_from <= span_as_known.known_at
union all
select * from core.fct_dossier_span_past where known_from <= span_as_known.known_at and known_to > span_as_known.known_at
$$;

comment on function core.span_as_known(timestamptz) is
'Spans as known at a moment: columns of core.fct_dossier_span. infinity: what is known now.';
