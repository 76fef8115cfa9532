-- Of a file that is looked at again only the rows that were refused when it came. Parameters: file_id.
delete from landing.staged_row as s
where not exists (
    select 1
    from landing.quarantine as q
    where q.file_id = :file_id and q.row_number = s.row_number and q.sheet is not distinct from s.sheet
        and q.resolved_by is distinct from 'replay' and q.resolved_by is distinct from 'correction'
);
