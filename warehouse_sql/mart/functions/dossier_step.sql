-- grain: one processing step of a dossier as one source states it.
create function mart.dossier_step(code text, known_at timestamptz default 'infinity')
returns table (
    processed_at timestamp,
    status smallint,
    status_name_vi text,
    department text,
    position_name text,
    due_at timestamp,
    source text,
    file text,
    row_number bigint
)
language sql stable parallel safe
as $$
select s.processed_at, s.status, n.status_name_vi, s.department, s.position as position_name, s.due_at, s.source, f.path, s.row_number
from history.process_step as s
inner join core.dim_status as n on s.status = n.status
inner join landing.export_file as f on s.file_id = f.file_id
where s.dossier_code = dossier_step.code and s.known_from <= least(dossier_step.known_at, mart.known_through())
order by s.processed_at, s.status, s.source, s.department, s.position
$$;

comment on function mart.dossier_step(text, timestamptz) is
'Processing steps of a dossier as known at a moment, the first one first: an office and a function, never a person; which file and row states it.';
