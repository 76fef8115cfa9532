-- grain: one source: its last export, and what was not complete in the period.
-- Parameters: date_from, date_to, source (one source alone; none: all).
select
    f.source,
    f.source_name,
    max(f.day) filter (where f.files > 0) as last_day,
    max(f.first_arrived_at) as last_arrived_at,
    count(*) filter (where f.day between :date_from and :date_to and f.expected) as expected_days,
    count(*) filter (where f.day between :date_from and :date_to and f.status = 'missing') as missing_days,
    count(*) filter (where f.day between :date_from and :date_to and f.status in ('thin', 'failed')) as thin_days
from mart.feed as f
group by f.source, f.source_name
