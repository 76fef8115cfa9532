-- grain: one stretch of the life of a dossier.
create function mart.dossier_life(code text, known_at timestamptz default 'infinity')
returns table (
    span_number smallint,
    valid_from timestamp,
    valid_to timestamp,
    status smallint,
    status_name_vi text,
    state text,
    due_at timestamp,
    due_has_clock boolean
)
language sql stable parallel safe
as $$
select s.span_number, s.valid_from, s.valid_to, s.status, n.status_name_vi, s.state, s.due_at, s.due_has_clock
from core.span_as_known(dossier_life.known_at) as s
inner join core.dim_status as n on s.status = n.status
where s.dossier_code = dossier_life.code
order by s.span_number
$$;

comment on function mart.dossier_life(text, timestamptz) is
'What state and due date a dossier had from when to when (core.fct_dossier_span), as known at a moment; valid_to infinity is the last stretch.';
