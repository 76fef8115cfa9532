-- grain: one period. The mark that figures of it carry.
create function mart.incomplete_feeds(date_from date, date_to date, known_at timestamptz default 'infinity')
returns text []
language sql stable parallel safe
as $$
select array_agg(format('%s %s %s', f.source, f.day, f.status) order by f.day, f.source)
from mart.incomplete_feed(incomplete_feeds.date_from, incomplete_feeds.date_to, incomplete_feeds.known_at) as f
$$;

comment on function mart.incomplete_feeds(date, date, timestamptz) is
'Feeds of a period that are not complete, as "source day status" (mart.incomplete_feed); null when all are.';
