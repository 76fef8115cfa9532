-- Staged rows that fail a rule: refused under the first rejecting one, else flagged with all that hold.
-- Needs staged_failure (rank, rule_id, staged_id, field, value, is_refused).
update landing.staged_row as s
set verdict = 'quarantined', refused_rule = f.rule_id, refused_field = f.field, refused_value = f.value
from (
    select distinct on (f.staged_id) f.*
    from staged_failure as f
    where f.is_refused
    order by f.staged_id, f.rank
) as f
where s.staged_id = f.staged_id;

update landing.staged_row as s
set flags = s.flags || g.flags
from (
    select f.staged_id, array_agg(f.rule_id order by f.rank) as flags
    from staged_failure as f
    where not f.is_refused
    group by f.staged_id
) as g
where s.staged_id = g.staged_id and s.verdict is null;

insert into landing.staged_flag (rule_id, staged_id)
select distinct f.rule_id, f.staged_id
from staged_failure as f
inner join landing.staged_row as s on f.staged_id = s.staged_id
where not f.is_refused and s.verdict is null
order by f.rule_id, f.staged_id;
