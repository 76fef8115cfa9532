-- Every dossier resolved late in the period (Phụ lục I) into report_list; the longest late first, by working days.
-- One that was taken back in the same period is not late in it. Needs report_list, report_life, report_span.
insert into report_list (
    list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, since, days
)
-- of several stretches that began that day the one that ended it, late
with late as (
    select distinct on (l.dossier_code)
        l.*,
        -- without a promise, by the limit of the procedure
        coalesce(s.due_at, l.limit_due_at) as due_at,
        s.valid_from as ended_at
    from report_life as l
    left join report_span as s on l.dossier_code = s.dossier_code and l.late_on = cast(s.valid_from as date)
    where l.late_on is not null
    order by
        l.dossier_code asc, s.state = 'resolved' desc, s.due_at < s.valid_from desc nulls last, s.valid_from desc
),

timed as (
    select
        l.*,
        ended.working_day_number - due.working_day_number as days
    from late as l
    left join core.dim_date as due on cast(l.due_at as date) = due.date
    left join core.dim_date as ended on l.late_on = ended.date
)

select
    'late',
    row_number() over (order by t.days desc nulls last, t.due_at asc, t.dossier_code asc),
    t.dossier_code, t.unit_key, t.unit_no, t.sector_no, t.procedure_key, t.received_at, t.due_at, t.ended_at, t.days
from timed as t;
