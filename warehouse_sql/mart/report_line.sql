-- grain: the one line of an inspection report, as mart/inspection_line.sql defines it, over what the report knows.
-- Parameters: date_from, date_to. Needs report_event.
select
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0) as bigint) as received,
    cast(coalesce(
        sum(e.quantity) filter (where e.kind like 'resolved%'), 0
    ) as bigint) as resolved,
    cast(coalesce(sum(e.quantity) filter (where e.kind in ('resolved_early', 'resolved_on_time')), 0) as bigint) as early_or_on_time,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as bigint) as late,
    cast(coalesce(
        sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end), 0
    ) as bigint) as overdue_open
from report_event as e
where e.channel = 1
    and e.event_on <= :date_to
    and e.received_at >= :date_from and e.received_at < cast(:date_to as date) + 1;
