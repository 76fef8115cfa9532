-- A report reads much at once, one query after the other: memory for its sorts and joins, in its transaction only; and the moment of
-- knowledge that its views read, which take no parameters. Parameters: known_at.
set local work_mem = '96MB';
select set_config('motcua.known_at', cast(cast(:known_at as timestamptz) as text), true);
