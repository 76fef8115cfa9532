-- grain: one value: landing.horizon of what figures hold, for readers of marts, who have no right to the register of files.
create function mart.horizon(known_at timestamptz default 'infinity')
returns date
language sql stable parallel safe
as $$
select landing.horizon(least(horizon.known_at, landing.known_through()))
$$;

comment on function mart.horizon(timestamptz) is
'The last day that figures count, as known at a moment (landing.horizon of what figures hold); while a run goes on, that of the run before. A form, month or report that ends after it counts up to it.';
