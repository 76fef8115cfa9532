comment on table landing.staged_flag is
'The first staged rows that each rule flags, so that the audit shows some without reading all; which rules flag a row, landing.staged_row.flags says: emptied when a run begins.';

-- Rows of a file are nowhere looked up among those of all files of a run; each row would be entered here twice.
drop index landing.staged_row_file_no_idx;
