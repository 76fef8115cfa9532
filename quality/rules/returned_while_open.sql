-- Not handed over by its status, but with a hand-over. A refused (3), withdrawn (7) or stopped one (8) is handed back too.
select
    staged_id,
    'returned_at' as field,
    returned_at::text as value
from landing.staged_row
where returned_at is not null and status in (1, 2, 4, 5, 6, 9)
