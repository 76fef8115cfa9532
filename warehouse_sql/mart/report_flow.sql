-- Events of a report summed by unit, field and day: what every count of the page is made of.
-- Parameters: none. Needs report_event.
create temporary table report_flow on commit drop as
select
    e.page,
    e.field,
    e.event_on,
    sum(e.quantity) filter (where e.kind = 'received' and c.is_online) as received_online,
    sum(e.quantity) filter (where e.kind = 'received' and not c.is_online) as received_direct_postal,
    sum(e.quantity) filter (where e.kind = 'resolved_early') as resolved_early,
    sum(e.quantity) filter (where e.kind = 'resolved_on_time') as resolved_on_time,
    sum(e.quantity) filter (where e.kind = 'resolved_late') as resolved_late,
    sum(e.quantity) filter (where e.kind = 'resolved_untimed') as resolved_untimed,
    sum(e.quantity) filter (where e.kind = 'became_overdue') as newly_overdue,
    sum(e.quantity) filter (where e.kind = 'overdue_cleared') as overdue_cleared
from report_event as e
inner join core.dim_channel as c on e.channel = c.channel
group by e.page, e.field, e.event_on;

analyze report_flow;
