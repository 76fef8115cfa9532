-- A reception that is on the day of the dossier code only when its day and month are swapped.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where kind = 'dossiers' and extract(day from received_at) <= 12
    and extract(day from received_at) <> extract(month from received_at)
    and to_char(received_at, 'YYDDMM') = right(split_part(dossier_code, '-', 2), 6)
