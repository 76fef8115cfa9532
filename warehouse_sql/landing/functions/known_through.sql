-- grain: one value: the last arrival of what facts and sums hold; infinity before any are made.
-- Files of a run stand in the register and in history before the facts that they make: whoever reads figures reads nothing behind it.
create function landing.known_through()
returns timestamptz
language sql stable parallel safe
as $$
select coalesce((select cast(s.value as timestamptz) from ops.setting as s where s.name = 'known_through'), 'infinity')
$$;

comment on function landing.known_through() is
'The last arrival of what figures hold: while a run goes on, of the run before; infinity before any are made. What arrived since then stands in the history already, and in no figure.';
