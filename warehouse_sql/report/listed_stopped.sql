-- Every dossier that is stopped or waits (suspended) at the end of the period into report_list, with since when: the day from
-- which it was so without a break. kinds: its status, and overdue. The longest first, by working days.
-- Parameters: date_to. Needs report_list, report_open, report_span.
insert into report_list (
    list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, since, days, kinds
)
with timed as (
    select
        o.*,
        w.stopped_at,
        cut_off.working_day_number - stopped.working_day_number as days
    from report_open as o
    cross join lateral (
        select coalesce(max(s.valid_to) filter (where s.state <> 'suspended'), min(s.valid_from)) as stopped_at
        from report_span as s
        where s.dossier_code = o.dossier_code and s.valid_from < cast(:date_to as date) + 1
    ) as w
    left join core.dim_date as stopped on cast(w.stopped_at as date) = stopped.date
    left join core.dim_date as cut_off on cut_off.date = :date_to
    where o.state = 'suspended'
)

select
    'stopped',
    row_number() over (order by t.days desc nulls last, t.stopped_at asc, t.dossier_code asc),
    t.dossier_code, t.unit_key, t.unit_no, t.sector_no, t.procedure_key, t.received_at, t.due_at, t.stopped_at, t.days,
    array[cast(t.status as text)] || case when t.is_overdue then array['overdue'] else '{}' end
from timed as t;
