-- grain: one unit whose flows are about to change otherwise than its dossiers (ii06). None may be here. Parameters: run_no. Needs
-- flow_change and folded_dossier (core/publish_facts.sql), before the facts are replaced.
select c.unit_key
from (
    select
        unit_key,
        received,
        resolved_early + resolved_on_time + resolved_late as resolved
    from flow_change
    where rule_sets & (select r.bit from core.rule_set as r where r.rule_set = 'ii06') <> 0
    union all
    select d.unit_key, case when d.state = 'vanished' then 0 else d.sign end,
        case when d.state in ('resolved', 'withdrawn') then d.sign else 0 end
    from (
        select s.unit_key, s.state, -1 as sign
        from core.staged_fct_dossier as s
        where s.run_no = :run_no and s.known_to = 'infinity' and s.is_counted
        union all
        select w.unit_key, w.state, 1
        from core.fct_dossier as w
        inner join folded_dossier as f on w.dossier_code = f.dossier_code
        where w.is_counted
    ) as d
) as c
group by c.unit_key
having sum(c.received) <> 0 or sum(c.resolved) <> 0;
