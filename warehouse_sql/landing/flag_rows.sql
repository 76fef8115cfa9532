-- Staged rows that stand are flagged with all rules they fail, in the order of the rules.
-- Needs staged_failing (staged_id, failing), whose bits name the rules: bits[n] is that of rule_ids[n].
-- No row that was refused is flagged. Few rows are given up: counted, since nobody can guess how many.
create temporary table staged_out on commit drop as
select s.staged_id
from landing.staged_row as s
where s.verdict is not null;

analyze staged_out;

delete from staged_failing as f
using staged_out as o
where f.staged_id = o.staged_id;

drop table staged_out;

-- Many rows fail the same rules: what these are called is put together once.
update landing.staged_row as s
set flags = s.flags || n.flags
from staged_failing as f
inner join (
    select m.failing, array_agg(r.rule_id order by r.bit) as flags
    from (select distinct a.failing from staged_failing as a) as m
    inner join unnest(cast(:rule_ids as text []), cast(:bits as bigint [])) as r (rule_id, bit) on m.failing & r.bit <> 0
    group by m.failing
) as n on f.failing = n.failing
where s.staged_id = f.staged_id;

-- The first rows of each rule, for the audit to show.
insert into landing.staged_flag (rule_id, staged_id)
select r.rule_id, f.staged_id
from unnest(cast(:rule_ids as text []), cast(:bits as bigint [])) as r (rule_id, bit)
cross join lateral (
    select a.staged_id
    from staged_failing as a
    where a.failing & r.bit <> 0
    order by a.staged_id
    limit :most
) as f
where r.bit & (select bit_or(a.failing) from staged_failing as a) <> 0;
