-- grain: as report/claim.sql, but under one rule set: ii06 with the hand-over of the result for the end of processing: what
-- is finished and not handed over is still open. Parameters: until, known_at. Needs claim_unit.
with
life as (
    select
        u.group_no,
        d.channel,
        u.place,
        d.state,
        cast(d.received_at as date) as received_on,
        cast(d.due_at as date) as due_on,
        cast(case when d.state = 'resolved' then d.returned_at when d.state = 'withdrawn' then coalesce(d.ended_at, d.returned_at) end as date) as finished_on
    from core.dossier_as_known(cast(:known_at as timestamptz)) as d
    inner join claim_unit as u on d.unit_key = u.unit_key
    where d.is_counted and d.state <> 'vanished'
),

event as (
    select l.group_no, l.channel, l.place, l.received_on, 'received' as kind, l.received_on as event_on
    from life as l
    union all
    select
        l.group_no, l.channel, l.place, l.received_on,
        case
            when l.state = 'withdrawn' or l.due_on is null or l.finished_on = l.due_on then 'resolved_on_time'
            when l.finished_on < l.due_on then 'resolved_early'
            else 'resolved_late'
        end,
        l.finished_on
    from life as l
    where l.finished_on is not null
    union all
    select l.group_no, l.channel, l.place, l.received_on, 'became_overdue', l.due_on + 1
    from life as l
    where l.state in ('processing', 'resolved') and coalesce(l.finished_on > l.due_on + 1, l.due_on is not null)
    union all
    select l.group_no, l.channel, l.place, l.received_on, 'overdue_cleared', l.finished_on
    from life as l
    where l.state in ('processing', 'resolved') and l.finished_on > l.due_on + 1
)

select
    e.group_no,
    e.channel,
    e.place,
    e.received_on,
    e.kind,
    e.event_on,
    count(*) as quantity
from event as e
where e.event_on <= cast(:until as date)
group by 1, 2, 3, 4, 5, 6;
