-- The account of a file whose refused rows were looked at again: what is no longer refused moves to another column.
-- Needs staged_news. Parameters: file_id, at.
with account as materialized (
    select
        count(w.staged_id) as loaded,
        count(*) filter (where s.verdict is null and w.staged_id is null) as unchanged,
        count(*) filter (where s.verdict = 'duplicate') as duplicate
    from landing.staged_row as s
    left join staged_news as w on s.staged_id = w.staged_id
)

update landing.export_file as f
set
    rows_quarantined = f.rows_quarantined - c.loaded - c.unchanged - c.duplicate,
    rows_loaded = f.rows_loaded + c.loaded,
    rows_unchanged = f.rows_unchanged + c.unchanged,
    rows_duplicate = f.rows_duplicate + c.duplicate
from account as c
where f.file_id = :file_id;

with resolution as materialized (
    select
        s.row_number, s.sheet,
        case when 'corrected' = any(s.flags) then 'correction' else 'replay' end as resolved_by
    from landing.staged_row as s
    where s.verdict is distinct from 'quarantined'
)

update landing.quarantine as q
set resolved_at = :at, resolved_by = s.resolved_by, resolved_file_id = null
from resolution as s
where q.file_id = :file_id and q.row_number = s.row_number and q.sheet is not distinct from s.sheet;
