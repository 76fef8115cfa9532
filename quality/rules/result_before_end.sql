-- Has an electronic result, but is open or not accepted by its status.
select
    staged_id,
    'has_electronic_result' as field,
    status_raw as value
from landing.staged_row
where has_electronic_result and status in (1, 2, 3, 4)
