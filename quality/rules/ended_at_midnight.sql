-- An end of processing at midnight sharp, though the reception has a time of day: its time was lost.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where ended_at = ended_at::date and received_at <> received_at::date
