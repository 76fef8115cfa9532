-- grain: one source and export day of a period on which its feed is not complete.
create function mart.incomplete_feed(date_from date, date_to date)
returns table (source text, day date, status text, reason_vi text, healed_on date)
language sql stable
as $$
select f.source, f.day, f.status, f.reason_vi, f.healed_on
from ops.feed_day as f
where f.status in ('missing', 'thin', 'failed')
    and f.day between incomplete_feed.date_from and incomplete_feed.date_to
order by f.day, f.source
$$;

comment on function mart.incomplete_feed(date, date) is
'Export days of a period (both ends included) that are missing, thin or failed, by source: what figures of the period rest on that is not complete. healed_on: the next complete list that covers the day.';
