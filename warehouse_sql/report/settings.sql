-- A report reads much at once, one query after the other: memory for its sorts and joins, in its transaction only.
set local work_mem = '96MB';
