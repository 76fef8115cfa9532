-- Received on a day on which offices do not work.
select
    s.staged_id,
    'received_at' as field,
    s.received_at::text as value
from landing.staged_row as s
inner join core.dim_date as d on s.received_at::date = d.date
where s.kind = 'dossiers' and not d.is_working_day
