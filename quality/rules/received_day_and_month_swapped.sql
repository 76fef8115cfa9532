-- A reception that is on the day of the dossier code only when its day and month are swapped.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where kind = 'dossiers' and date_part('day', received_at) <= 12
    and date_part('day', received_at) <> date_part('month', received_at)
    and to_char(received_at, 'YYDDMM') = right(split_part(dossier_code, '-', 2), 6)
