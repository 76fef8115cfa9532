-- Handed in at the desk more than half an hour outside office hours. Midnight sharp is a bare date.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where channel = 1 and received_at <> received_at::date
    and not (
        received_at::time >= (select min(o.from_time) - interval '30 minutes' from core.office_session as o)
        and received_at::time <= (select max(o.to_time) + interval '30 minutes' from core.office_session as o)
    )
