-- grain: one stage of a dossier that began in the period.
create function mart.stage(
    date_from date,
    date_to date,
    known_at timestamptz default 'infinity',
    unit_keys bigint [] default null
)
returns table (
    dossier_code text,
    unit_key bigint,
    procedure_key bigint,
    status smallint,
    department text,
    began_at timestamp,
    until_at timestamp,
    is_ended boolean,
    working_minutes integer
)
language sql stable parallel safe
as $$
select s.dossier_code, s.unit_key, s.procedure_key, s.status, s.department, s.began_at, s.until_at, s.is_ended, s.working_minutes
from core.stage_as_known(stage.known_at) as s
where s.began_at >= stage.date_from and s.began_at < stage.date_to + 1
    and (stage.unit_keys is null or s.unit_key = any(stage.unit_keys))
$$;

comment on function mart.stage(date, date, timestamptz, bigint []) is
'How long dossiers lay in what status at which office: stages (core.fct_stage) that began in the period, as known at a moment, of some units or of all. Only dossiers whose steps are known have stages; one that lasts has the minutes of office time so far, and is not ended.';
