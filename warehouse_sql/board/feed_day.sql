-- grain: one source and export day of the period that is not complete.
-- Parameters: date_from, date_to, source.
select
    f.source,
    s.source_name_vi,
    s.source_name_en,
    f.day,
    f.status,
    f.rows,
    f.expected_rows,
    f.reason_vi as reason,
    f.healed_on
from mart.feed as f
inner join mart.source as s on f.source = s.source
where f.day between :date_from and :date_to and f.status in ('missing', 'thin', 'failed')
    and (cast(:source as text) is null or f.source = cast(:source as text))
