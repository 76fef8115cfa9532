-- Received on a day on which offices do not work.
select
    s.staged_id,
    'received_at' as field,
    s.received_at::text as value
from landing.staged_row as s
where s.kind = 'dossiers'
    -- looked up day by day: joined, the whole calendar would be read for every file
    and (select not d.is_working_day from core.dim_date as d where d.date = s.received_at::date)
