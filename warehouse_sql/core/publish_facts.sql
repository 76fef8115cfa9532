-- What one fold has made takes the place of the facts of the touched dossiers, and the daily flow changes by the difference, at each
-- known moment: the cost is theirs, not that of history. Parameters: run_no. Needs folded_dossier, a temporary table of
-- their codes; leaves flow_change, another one, to whoever holds it against the facts.
create temporary table flow_change on commit drop as
select
    c.event_on as date,
    c.unit_key,
    c.sector_code,
    c.channel,
    c.rule_sets,
    c.known_from,
    coalesce(sum(c.quantity) filter (where c.kind = 'received'), 0) as received,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_early'), 0) as resolved_early,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_on_time'), 0) as resolved_on_time,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_late'), 0) as resolved_late,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_untimed'), 0) as resolved_untimed,
    coalesce(sum(c.quantity) filter (where c.kind = 'became_overdue'), 0) as became_overdue,
    coalesce(sum(c.quantity) filter (where c.kind = 'overdue_cleared'), 0) as overdue_cleared
from (
    -- an event counts from when it was known, and no more from when it was not
    select s.event_on, s.unit_key, s.sector_code, s.channel, s.rule_sets, t.known_from, s.kind, s.quantity * t.sign as quantity
    from core.staged_fct_dossier_event as s
    cross join lateral (values (s.known_from, 1), (s.known_to, -1)) as t (known_from, sign)
    where s.run_no = :run_no
    union all
    select e.event_on, e.unit_key, e.sector_code, e.channel, e.rule_sets, e.known_from, e.kind, -e.quantity
    from core.fct_dossier_event as e
    inner join folded_dossier as f on e.dossier_code = f.dossier_code
    union all
    select p.event_on, p.unit_key, p.sector_code, p.channel, p.rule_sets, t.known_from, p.kind, p.quantity * t.sign
    from core.fct_dossier_event_past as p
    inner join folded_dossier as f on p.dossier_code = f.dossier_code
    cross join lateral (values (p.known_from, -1), (p.known_to, 1)) as t (known_from, sign)
) as c
where c.known_from < 'infinity'
group by c.event_on, c.unit_key, c.sector_code, c.channel, c.rule_sets, c.known_from;

delete from flow_change
where received = 0 and resolved_early = 0 and resolved_on_time = 0 and resolved_late = 0
    and resolved_untimed = 0 and became_overdue = 0 and overdue_cleared = 0;

-- Months have their procedures: cells in which what is known now changes, by the events that are new or gone.
insert into mart.touched_cell as t (unit_key, procedure_code, channel, date_from)
select c.unit_key, p.procedure_code, c.channel, min(c.event_on)
from (
    select s.unit_key, s.procedure_key, s.channel, s.event_on
    from core.staged_fct_dossier_event as s
    where s.run_no = :run_no and s.known_to = 'infinity' and not exists (
        select 1
        from core.fct_dossier_event as e
        where e.dossier_code = s.dossier_code and e.event_on = s.event_on and e.kind = s.kind and e.rule_sets = s.rule_sets
            and (e.unit_key, e.procedure_key, e.channel, e.quantity) = (s.unit_key, s.procedure_key, s.channel, s.quantity)
    )
    union all
    select e.unit_key, e.procedure_key, e.channel, e.event_on
    from core.fct_dossier_event as e
    inner join folded_dossier as f on e.dossier_code = f.dossier_code
    where not exists (
        select 1
        from core.staged_fct_dossier_event as s
        where s.run_no = :run_no and s.known_to = 'infinity' and s.dossier_code = e.dossier_code
            and s.event_on = e.event_on and s.kind = e.kind and s.rule_sets = e.rule_sets
            and (e.unit_key, e.procedure_key, e.channel, e.quantity) = (s.unit_key, s.procedure_key, s.channel, s.quantity)
    )
) as c
inner join core.dim_procedure as p on c.procedure_key = p.procedure_key
group by c.unit_key, p.procedure_code, c.channel
on conflict (unit_key, procedure_code, channel) do update set date_from = least(t.date_from, excluded.date_from);

insert into mart.daily_flow as f (
    date, unit_key, sector_code, channel, rule_sets, known_from, received, resolved_early, resolved_on_time, resolved_late,
    resolved_untimed, became_overdue, overdue_cleared
)
select
    date, unit_key, sector_code, channel, rule_sets, known_from, received, resolved_early, resolved_on_time, resolved_late,
    resolved_untimed, became_overdue, overdue_cleared
from flow_change
order by unit_key, date, sector_code, channel, rule_sets, known_from
on conflict (unit_key, date, sector_code, channel, rule_sets, known_from) do update set
    received = f.received + excluded.received,
    resolved_early = f.resolved_early + excluded.resolved_early,
    resolved_on_time = f.resolved_on_time + excluded.resolved_on_time,
    resolved_late = f.resolved_late + excluded.resolved_late,
    resolved_untimed = f.resolved_untimed + excluded.resolved_untimed,
    became_overdue = f.became_overdue + excluded.became_overdue,
    overdue_cleared = f.overdue_cleared + excluded.overdue_cleared;

delete from mart.daily_flow as f
using flow_change as c
where (f.unit_key, f.date, f.sector_code, f.channel, f.rule_sets, f.known_from)
    = (c.unit_key, c.date, c.sector_code, c.channel, c.rule_sets, c.known_from)
    and f.received = 0 and f.resolved_early = 0 and f.resolved_on_time = 0 and f.resolved_late = 0
    and f.resolved_untimed = 0 and f.became_overdue = 0 and f.overdue_cleared = 0;
