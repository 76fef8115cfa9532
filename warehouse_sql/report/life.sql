-- Dossiers of a report that are open at the end of the period or were ever late, by the rule set of the report.
-- Needs report_event.
-- Makes report_life.
create temporary table report_life on commit drop as
select
    e.dossier_code,
    coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0)
    - coalesce(sum(e.quantity) filter (where e.kind like 'resolved%'), 0) > 0 as is_open,
    coalesce(sum(e.quantity) filter (where e.kind = 'became_overdue'), 0)
    - coalesce(sum(e.quantity) filter (where e.kind = 'overdue_cleared'), 0) > 0 as is_overdue
from report_event as e
group by e.dossier_code
having coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0)
    - coalesce(sum(e.quantity) filter (where e.kind like 'resolved%'), 0) > 0
    or bool_or(e.kind in ('resolved_late', 'became_overdue'));

analyze report_life;
