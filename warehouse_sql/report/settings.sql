-- A report reads much at once, one query after the other: memory for its sorts and joins, in its transaction only; and the moment of
-- knowledge that its views read, which take no parameters. Parameters: known_at.
set local work_mem = '96MB';
-- What is known now and what was known before are read as one, of which nobody knows how many are alike: joins seem to give
-- hundreds of times as many rows as they do, and a million would be sorted for them.
set local enable_mergejoin = off;
select set_config('motcua.known_at', cast(cast(:known_at as timestamptz) as text), true);
