-- grain: one source and export day of the period that is not complete.
-- Parameters: date_from, date_to, source.
select
    f.source,
    f.source_name,
    f.day,
    f.status,
    f.rows,
    f.expected_rows,
    f.reason_vi as reason,
    f.healed_on
from mart.feed as f
where f.day between :date_from and :date_to and f.status in ('missing', 'thin', 'failed')
    and (cast(:source as text) is null or f.source = cast(:source as text))
