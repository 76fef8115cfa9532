-- grain: one kind of event of one dossier on one day, under the rule set ii06 (form II.06 as the ministry counts it).
-- Dates are compared, not instants. Withdrawn counts as resolved on time; a missing due date as on time; a
-- suspended dossier is never overdue; due on the cut-off day is in time: overdue begins on the day after.
-- A resolution that was taken back counts -1 on the day it was; a dossier that vanished from its source's complete
-- lists before it was finished counts -1 received on that day.
create function core.ii06_event(received_at timestamp, spans core.life_span [])
returns table (event_on date, kind text, quantity integer)
language sql immutable
as $$
with
span as (
    select
        x.*,
        x.state in ('resolved', 'withdrawn') as is_finished,
        case
            when x.state = 'withdrawn' or x.due_at is null then 'resolved_on_time'
            when x.valid_from::date < x.due_at::date then 'resolved_early'
            when x.valid_from::date = x.due_at::date then 'resolved_on_time'
            else 'resolved_late'
        end as resolved_kind,
        lag(x.state in ('resolved', 'withdrawn'), 1, false) over (order by x.valid_from) as was_finished,
        lag(x.state = 'vanished', 1, false) over (order by x.valid_from) as was_vanished
    from unnest(ii06_event.spans) as x
),

finish as (
    select
        s.*,
        lag(s.resolved_kind) over (order by s.valid_from) as taken_back_kind
    from span as s
    where s.is_finished <> s.was_finished
),

-- Days at whose end the dossier was open, not suspended and past its due date.
overdue as (
    select
        greatest(s.valid_from::date, s.due_at::date + 1) as first_on,
        s.valid_to::date as cleared_on
    from span as s
    where s.state = 'processing' and s.due_at is not null
        and greatest(s.valid_from::date, s.due_at::date + 1) < s.valid_to::date
),

overdue_change as (
    select c.event_on, sum(c.quantity) as quantity
    from (
        select o.first_on as event_on, 1 as quantity from overdue as o
        union all
        select o.cleared_on, -1 from overdue as o where o.cleared_on < 'infinity'
    ) as c
    group by c.event_on
)

select e.event_on, e.kind, sum(e.quantity)::integer
from (
    select ii06_event.received_at::date as event_on, 'received' as kind, 1 as quantity
    where ii06_event.spans is not null
    union all
    select s.valid_from::date, 'received', case s.state when 'vanished' then -1 else 1 end
    from span as s
    where (s.state = 'vanished') <> s.was_vanished
    union all
    select f.valid_from::date, f.resolved_kind, 1 from finish as f where f.is_finished
    union all
    select f.valid_from::date, f.taken_back_kind, -1 from finish as f where not f.is_finished
    union all
    select c.event_on, 'became_overdue', c.quantity from overdue_change as c where c.quantity > 0
    union all
    select c.event_on, 'overdue_cleared', -c.quantity from overdue_change as c where c.quantity < 0
) as e
group by e.event_on, e.kind
having sum(e.quantity) <> 0
$$;

comment on function core.ii06_event(timestamp, core.life_span []) is
'What a dossier adds to the daily flow under the rule set ii06: kind and quantity by day.';
