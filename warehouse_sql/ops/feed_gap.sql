-- grain: one source and export day of the last 14 days covered that is not complete, the latest first.
select
    source,
    day,
    status,
    reason_vi,
    files,
    rows,
    expected_rows,
    healed_on
from ops.feed_day
where status in ('missing', 'thin', 'failed', 'late') and day > (select landing.horizon()) - 14
order by day desc, source asc;
