-- grain: one source: its last export, and what was not complete in the period.
-- Parameters: date_from, date_to, source (one source alone; none: all).
select
    f.source,
    s.source_name_vi,
    s.source_name_en,
    max(f.day) filter (where f.files > 0) as last_day,
    max(f.first_arrived_at) as last_arrived_at,
    count(*) filter (where f.day between :date_from and :date_to and f.expected) as expected_days,
    count(*) filter (where f.day between :date_from and :date_to and f.status = 'missing') as missing_days,
    count(*) filter (where f.day between :date_from and :date_to and f.status in ('thin', 'failed')) as thin_days
from mart.feed as f
inner join mart.source as s on f.source = s.source
group by f.source, s.source_name_vi, s.source_name_en
