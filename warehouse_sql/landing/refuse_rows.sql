-- Staged rows that fail a rejecting rule are refused under the first of them.
-- Needs staged_failure (rank, rule_id, staged_id, field, value).
update landing.staged_row as s
set verdict = 'quarantined', refused_rule = f.rule_id, refused_field = f.field, refused_value = f.value
from (
    select distinct on (f.staged_id) f.*
    from staged_failure as f
    order by f.staged_id, f.rank
) as f
where s.staged_id = f.staged_id;
