-- grain: one day on which a dossier of due_soon_span.sql had a step, up to last_on.
-- Parameters: first_on, last_on, due_to.
select
    h.dossier_code,
    cast(h.processed_at as date) as processed_on,
    d.working_day_number as step_number
from history.process_step as h
inner join core.dim_date as d on cast(h.processed_at as date) = d.date
where h.processed_at < cast(:last_on as date) + 1
    and h.dossier_code in (
        select s.dossier_code
        from core.fct_dossier_span as s
        where s.state = 'processing'
            and s.due_at >= cast(:first_on as date) and s.due_at < cast(:due_to as date) + 1
            and s.valid_from < cast(:last_on as date) + 1 and s.valid_to >= cast(:first_on as date) + 1
    )
group by h.dossier_code, cast(h.processed_at as date), d.working_day_number;
