-- Dossiers of a report that are open at the end of the period or were ever late, by the rule set of the report; late_on: the day
-- on which one was last resolved late in the period, null for one that was taken back in it.
-- Parameters: date_from, date_to, rule_set, known_at. Needs report_dossier.
-- Makes report_life.
create temporary table report_life on commit drop as
with late as (
    select
        e.dossier_code,
        sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end) > 0 as is_overdue,
        case when sum(e.quantity) filter (where e.kind = 'resolved_late' and e.event_on >= :date_from) > 0
            then max(e.event_on) filter (where e.kind = 'resolved_late' and e.event_on >= :date_from and e.quantity > 0)
        end as late_on
    from core.event_as_known(cast(:known_at as timestamptz)) as e
    where e.kind in ('resolved_late', 'became_overdue', 'overdue_cleared')
        and e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and e.event_on <= :date_to
    group by e.dossier_code
    having bool_or(e.kind <> 'overdue_cleared')
),

-- Most were resolved for good in the period without having waited: they are not open, and nothing else of their events is needed.
-- Which those are is asked of each dossier first, before anything is joined to it.
looked_at as materialized (
    select
        d.dossier_code, d.unit_key, d.unit_no, d.sector_no, d.procedure_key, d.received_at, d.limit_due_at,
        l.dossier_code is not null as was_late, l.is_overdue, l.late_on, m.may_be_open
    from report_dossier as d
    left join late as l on d.dossier_code = l.dossier_code
    cross join lateral (
        select
            d.state <> 'resolved' or d.supplement_count <> 0
            or coalesce(greatest(d.ended_at, d.settled_on, d.resolved_on) >= cast(:date_to as date) + 1, true) as may_be_open
    ) as m
    where m.may_be_open or d.dossier_code in (select k.dossier_code from late as k)
)

select
    a.dossier_code, coalesce(o.is_open, false) as is_open, coalesce(a.is_overdue, false) as is_overdue, a.late_on,
    a.unit_key, a.unit_no, a.sector_no, a.procedure_key, a.received_at, a.limit_due_at
from looked_at as a
left join lateral (
    select sum(case e.kind when 'received' then e.quantity else -e.quantity end) > 0 as is_open
    from core.event_as_known(cast(:known_at as timestamptz)) as e
    where a.may_be_open and e.dossier_code = a.dossier_code and e.kind not in ('became_overdue', 'overdue_cleared')
        and e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0 and e.event_on <= :date_to
) as o on true
where a.was_late or o.is_open;

analyze report_life;
