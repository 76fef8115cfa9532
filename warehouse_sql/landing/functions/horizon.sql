-- grain: one value: the last day that figures count, as known at a moment; null before the first loaded file.
-- The only place that says how far figures reach: the latest export day of files that say when they were exported, each
-- no later than the day it arrived, since a clock may run ahead by minutes. A file that does not say it reaches to the day
-- it arrived, and only where no file says more: an old list that arrives today tells nothing of today.
create function landing.horizon(known_at timestamptz default 'infinity')
returns date
language sql stable parallel safe
as $$
select
    coalesce(max(d.day) filter (where f.exported_at is not null), max(d.day))
from landing.export_file as f
cross join lateral (
    select cast(least(f.exported_at, f.received_at) at time zone 'Asia/Ho_Chi_Minh' as date) as day
) as d
where f.status = 'loaded' and f.received_at <= horizon.known_at
$$;

comment on function landing.horizon(timestamptz) is
'The last day that figures count, as known at a moment: the latest export day of files that say when they were exported, no file later than its arrival; where no file says it, the latest arrival. A form, month or report that ends after it counts up to it.';
