-- grain: one value: landing.known_through for readers of marts, who have no right to settings.
create function mart.known_through()
returns timestamptz
language sql stable parallel safe
as $$
select landing.known_through()
$$;

comment on function mart.known_through() is
'The last arrival of what figures hold: while a run goes on, of the run before; infinity before any are made.';
