-- Online, and accepted more than fifteen days after the submission: beyond any holiday.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where channel = 2 and received_at > submitted_at + interval '15 days'
