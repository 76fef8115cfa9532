-- grain: one value: landing.horizon for readers of marts, who have no right to the register of files.
create function mart.horizon(known_at timestamptz default 'infinity')
returns date
language sql stable parallel safe
as $$
select landing.horizon(horizon.known_at)
$$;

comment on function mart.horizon(timestamptz) is
'The last day that figures count, as known at a moment: the latest export day of files that say when they were exported, no file later than its arrival; where no file says it, the latest arrival. A form, month or report that ends after it counts up to it.';
