-- grain: one source and export day of the period that is not complete, the last one last.
-- Parameters: date_from, date_to, known_at.
select
    s.source_name_vi,
    s.source_name_en,
    f.day,
    f.status
from mart.incomplete_feed(:date_from, :date_to, cast(:known_at as timestamptz)) as f
inner join mart.source as s on f.source = s.source
order by f.day, f.source
