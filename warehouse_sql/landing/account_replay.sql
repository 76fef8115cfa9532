-- The account of a file whose refused rows were looked at again: what is no longer refused moves to another column.
-- Needs staged_news. Parameters: file_id, at.
update landing.export_file as f
set
    rows_quarantined = f.rows_quarantined - c.loaded - c.unchanged - c.duplicate,
    rows_loaded = f.rows_loaded + c.loaded,
    rows_unchanged = f.rows_unchanged + c.unchanged,
    rows_duplicate = f.rows_duplicate + c.duplicate
from (
    select
        count(w.staged_id) as loaded,
        count(*) filter (where s.verdict is null and w.staged_id is null) as unchanged,
        count(*) filter (where s.verdict = 'duplicate') as duplicate
    from landing.staged_row as s
    left join staged_news as w on s.staged_id = w.staged_id
) as c
where f.file_id = :file_id;

update landing.quarantine as q
set
    resolved_at = :at, resolved_by = case when 'corrected' = any(s.flags) then 'correction' else 'replay' end,
    resolved_file_id = null
from landing.staged_row as s
where q.file_id = :file_id and q.row_number = s.row_number and q.sheet is not distinct from s.sheet
    and s.verdict is distinct from 'quarantined';
