comment on table landing.staged_flag is
'The first staged rows that each rule flags, so that the audit shows some without reading all; which rules flag a row, landing.staged_row.flags says: emptied when a run begins.';

-- No statement looks up the rows of one file, and every change of a row had to write this index again.
drop index landing.staged_row_file_no_idx;
