-- Events of a report summed by unit, sector and day: what its counts are made of, so that the events themselves, millions,
-- are gone through once. direct_*: what of it belongs to the one line of an inspection report (report/inspection_line.sql),
-- which is about the dossiers received directly in the period. Parameters: date_from, date_to. Needs report_event.
-- Makes report_flow.
create temporary table report_flow on commit drop as
select
    e.unit_key,
    e.unit_no,
    e.sector_no,
    e.event_on,
    coalesce(sum(e.quantity) filter (where e.kind = 'received' and c.is_online), 0) as received_online,
    coalesce(sum(e.quantity) filter (where e.kind = 'received' and not c.is_online), 0) as received_direct_postal,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_early'), 0) as resolved_early,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_on_time'), 0) as resolved_on_time,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as resolved_late,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_untimed'), 0) as resolved_untimed,
    coalesce(sum(e.quantity) filter (where e.kind = 'became_overdue'), 0) as newly_overdue,
    coalesce(sum(e.quantity) filter (where e.kind = 'overdue_cleared'), 0) as overdue_cleared,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'received'), 0) as direct_received,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind in ('resolved_early', 'resolved_on_time')), 0) as direct_timely,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'resolved_late'), 0) as direct_late,
    coalesce(sum(e.quantity) filter (where d.is_direct and e.kind = 'resolved_untimed'), 0) as direct_untimed,
    coalesce(sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity end)
        filter (where d.is_direct), 0) as direct_overdue
from report_event as e
inner join core.dim_channel as c on e.channel = c.channel
cross join lateral (
    select e.channel = 1 and e.received_on between :date_from and :date_to as is_direct
) as d
group by e.unit_key, e.unit_no, e.sector_no, e.event_on;

analyze report_flow;
