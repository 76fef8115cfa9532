-- grain: one dossier in process at the end of one working day, with none to three working days left to its due date.
-- Parameters: number_from, number_to: working_day_number of those days. Facts as known now.
with day as (
    select d.date, d.working_day_number as day_number
    from core.dim_date as d
    where d.is_working_day and d.working_day_number between :number_from and :number_to
),

unit_load as (
    select
        l.unit_code, l.unit_valid_from, l.date,
        l.pending / nullif(avg(l.pending) over w, 0) as share_of_usual
    from mart.overdue_stock as l
    where l.rule_set = 'ii06'
        and l.date between (select min(date) from day) - 40 and (select max(date) from day)
    window w as (partition by l.unit_code, l.unit_valid_from order by l.date rows between 28 preceding and 1 preceding)
)

select
    s.dossier_code,
    day.day_number,
    due.working_day_number as due_number,
    due.working_day_number - day.day_number as days_left,
    got.working_day_number as received_number,
    f.unit_code || '@' || f.unit_valid_from as unit_key,
    f.procedure_code,
    f.channel = 2 as is_online,
    s.due_at,
    (
        select max(d.working_day_number)
        from history.process_step as h
        inner join core.dim_date as d on cast(h.processed_at as date) = d.date
        where h.dossier_code = s.dossier_code and h.processed_at < day.date + 1
    ) as step_number,
    l.share_of_usual
from core.fct_dossier_span as s
inner join core.dim_date as due on cast(s.due_at as date) = due.date
inner join day
    on day.day_number between due.working_day_number - 3 and due.working_day_number
    and s.valid_from < day.date + 1 and s.valid_to >= day.date + 1
inner join core.fct_dossier as f on s.dossier_code = f.dossier_code
inner join core.dim_date as got on cast(f.received_at as date) = got.date
left join unit_load as l
    on f.unit_code = l.unit_code and f.unit_valid_from = l.unit_valid_from and day.date = l.date
where s.state = 'processing'
order by day.day_number, s.due_at, got.working_day_number, s.dossier_code;
