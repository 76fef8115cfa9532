-- Dossiers of a report that are open at the end of the period or were ever late, by the rule set of the report; late_on: the day
-- on which one was last resolved late in the period, null for one that was taken back in it.
-- Parameters: date_from. Needs report_event, report_dossier.
-- Makes report_life.
create temporary table report_life on commit drop as
with changed as (
    select
        e.dossier_code,
        e.event_on,
        e.quantity,
        case
            when e.kind = 'received' then e.quantity
            when e.kind in ('resolved_early', 'resolved_on_time', 'resolved_late', 'resolved_untimed') then -e.quantity
            else 0
        end as open_change,
        case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end as overdue_change,
        e.kind in ('resolved_late', 'became_overdue') as is_late,
        e.kind = 'resolved_late' and e.event_on >= :date_from as is_late_in_period
    from report_event as e
),

summed as (
    select
        c.dossier_code,
        sum(c.open_change) > 0 as is_open,
        sum(c.overdue_change) > 0 as is_overdue,
        case when sum(c.quantity) filter (where c.is_late_in_period) > 0
            then max(c.event_on) filter (where c.is_late_in_period and c.quantity > 0)
        end as late_on
    from changed as c
    group by c.dossier_code
    having sum(c.open_change) > 0 or bool_or(c.is_late)
)

select
    s.dossier_code, s.is_open, s.is_overdue, s.late_on,
    d.unit_key, d.unit_no, d.sector_no, d.procedure_key, d.received_at, d.limit_due_at
from summed as s
inner join report_dossier as d on s.dossier_code = d.dossier_code;

analyze report_life;
