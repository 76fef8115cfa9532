-- grain: one span of a dossier in process at the end of some day from first_on to last_on, due on a day from first_on to due_to.
-- Parameters: first_on, last_on, due_to. Facts as known now.
select
    s.dossier_code,
    s.due_at,
    due.working_day_number as due_number,
    got.working_day_number as received_number,
    f.unit_code || '@' || f.unit_valid_from as unit_key,
    f.procedure_code,
    f.channel = 2 as is_online,
    -- the first day at whose end it holds, and the first at whose end it does no more
    cast(s.valid_from as date) as since_on,
    cast(least(s.valid_to, timestamp '9999-01-01') as date) as until_on
from core.fct_dossier_span as s
inner join core.fct_dossier as f on s.dossier_code = f.dossier_code
inner join core.dim_date as due on cast(s.due_at as date) = due.date
inner join core.dim_date as got on cast(f.received_at as date) = got.date
where s.state = 'processing'
    and s.due_at >= cast(:first_on as date) and s.due_at < cast(:due_to as date) + 1
    and s.valid_from < cast(:last_on as date) + 1 and s.valid_to >= cast(:first_on as date) + 1;
