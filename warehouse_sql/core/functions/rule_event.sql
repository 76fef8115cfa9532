-- grain: one kind of event of one dossier on one day under one rule set. What counts as what, the rule sets say
-- (core.judge_*); here is only what follows from it, the same for all of them.
-- A resolution that was taken back counts -1 on the day it was; a dossier that vanished from its source's complete
-- lists before it was finished counts -1 received on that day. limit_due_at: reception plus the procedure's limit, for
-- rule sets that ask for it where the portal promised no due date; may be null.
create function core.rule_event(rule_set text, received_at timestamp, spans core.life_span [], limit_due_at timestamp)
returns table (event_on date, kind text, quantity integer)
language sql immutable
as $$
with
span as (
    select
        j.*,
        lag(j.class in ('resolved', 'stopped'), 1, false) over w as was_finished,
        lag(j.class = 'stopped', 1, false) over w as was_stopped,
        lag(j.class = 'vanished', 1, false) over w as was_vanished
    from (
        select
            n.span_from,
            n.span_to,
            (n.judged).class,
            (n.judged).resolved_kind,
            (n.judged).overdue_on
        from (
            select
                (u.span).valid_from as span_from,
                (u.span).valid_to as span_to,
                case rule_event.rule_set
                    when 'ii06' then core.judge_ii06(u.span)
                    when 'qd766' then core.judge_qd766(u.span, u.request_number, rule_event.limit_due_at + u.waited)
                    when 'opencps' then core.judge_opencps(u.span)
                    when 'opencps_v1' then core.judge_opencps_v1(u.span)
                    when 'opencps_v2' then core.judge_opencps_v2(u.span)
                end as judged
            from (
                select
                    (r.valid_from, r.valid_to, r.status, r.state, r.due_at)::core.life_span as span,
                    count(*) filter (where r.status = 5 and r.status_before <> 5) over (order by r.valid_from) as request_number,
                    coalesce(sum(r.valid_to - r.valid_from) filter (where r.status = 5 and r.valid_to < 'infinity') over (
                        order by r.valid_from rows between unbounded preceding and 1 preceding
                    ), '0') as waited
                from (
                    -- a due date that moves while it waits is no further request
                    select x.*, lag(x.status, 1, 0::smallint) over (order by x.valid_from) as status_before
                    from unnest(rule_event.spans) as x
                ) as r
            ) as u
            offset 0
        ) as n
    ) as j
    window w as (order by j.span_from)
),

finish as (
    select
        s.*,
        s.class in ('resolved', 'stopped') as is_finished,
        lag(s.resolved_kind) over (order by s.span_from) as taken_back_kind
    from span as s
    where (s.class in ('resolved', 'stopped'), s.class = 'stopped') <> (s.was_finished, s.was_stopped)
),

-- Days at whose end the dossier was open and past its due date.
overdue as (
    select
        greatest(s.span_from::date, s.overdue_on) as first_on,
        s.span_to::date as cleared_on
    from span as s
    where s.class = 'open' and greatest(s.span_from::date, s.overdue_on) < s.span_to::date and s.overdue_on is not null
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
    select rule_event.received_at::date as event_on, 'received' as kind, 1 as quantity
    where rule_event.spans is not null
    union all
    select s.span_from::date, 'received', case s.class when 'vanished' then -1 else 1 end
    from span as s
    where (s.class = 'vanished') <> s.was_vanished
    union all
    select f.span_from::date, f.resolved_kind, 1 from finish as f where f.is_finished
    union all
    select f.span_from::date, f.taken_back_kind, -1 from finish as f where f.was_finished
    union all
    select c.event_on, 'became_overdue', c.quantity from overdue_change as c where c.quantity > 0
    union all
    select c.event_on, 'overdue_cleared', -c.quantity from overdue_change as c where c.quantity < 0
) as e
group by e.event_on, e.kind
having sum(e.quantity) <> 0
$$;

comment on function core.rule_event(text, timestamp, core.life_span [], timestamp) is
'What a dossier adds to the daily flow under a rule set: kind and quantity by day.';
