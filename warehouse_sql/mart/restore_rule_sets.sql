-- Another choice of stored rule sets: stocks and months of those that are not stored any more go, and every cell is to be summed
-- again, for those that are stored from now on.
delete from mart.overdue_stock as o
where o.rule_set not in (select r.rule_set from core.rule_set as r where r.is_stored);

update mart.timeliness_count as t
set rule_sets = t.rule_sets & s.stored
from (select bit_or(r.bit) as stored from core.rule_set as r where r.is_stored) as s
where t.rule_sets & s.stored not in (0, t.rule_sets);

delete from mart.timeliness_count as t
using (select bit_or(r.bit) as stored from core.rule_set as r where r.is_stored) as s
where t.rule_sets & s.stored = 0;

insert into mart.touched_cell as t (unit_key, procedure_code, channel, date_from)
select e.unit_key, p.procedure_code, e.channel, min(e.event_on)
from core.fct_dossier_event as e
inner join core.dim_procedure as p on e.procedure_key = p.procedure_key
group by e.unit_key, p.procedure_code, e.channel
on conflict (unit_key, procedure_code, channel) do update set date_from = least(t.date_from, excluded.date_from);
