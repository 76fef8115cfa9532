-- Received before there were one-stop desks (Decision 181/2003/QĐ-TTg, in force since 2004).
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where received_at < '2004-01-01'
