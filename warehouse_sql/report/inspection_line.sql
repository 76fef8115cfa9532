-- grain: the one line of an inspection report: dossiers received directly in a period, and what became of them.
-- Parameters: date_from, date_to, units (codes), rule_set. Of the dossiers received in the period through the
-- channels that are not online and not postal: how many were resolved by its end, and how; open and overdue then.
select
    coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0) as received,
    coalesce(sum(e.quantity) filter (where e.kind like 'resolved%'), 0) as resolved,
    coalesce(sum(e.quantity) filter (where e.kind in ('resolved_early', 'resolved_on_time')), 0) as early_or_on_time,
    coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as late,
    coalesce(
        sum(case e.kind when 'became_overdue' then e.quantity when 'overdue_cleared' then -e.quantity else 0 end), 0
    ) as overdue_open
from core.fct_dossier_event as e
inner join core.dim_unit as u on e.unit_key = u.unit_key
where e.rule_sets & (select core.rule_set_bit(:rule_set)) <> 0
    and e.channel = 1
    and e.event_on <= (select least(cast(:date_to as date), mart.horizon()))
    and e.received_on between :date_from and :date_to
    and u.unit_code = any(cast(:units as text []));
