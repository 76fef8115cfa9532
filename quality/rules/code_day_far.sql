-- Received more than sixty days before or after the day in the dossier code, a day of six or eight digits.
select
    staged_id,
    'received_at' as field,
    received_at::text as value
from landing.staged_row
where kind = 'dossiers'
    -- Most are of one month: two more texts are made only where they are not.
    and left(right(split_part(dossier_code, '-', 2), 6), 4) <> to_char(received_at, 'YYMM')
    and length(split_part(dossier_code, '-', 2)) in (6, 8)
    and (
        right(split_part(dossier_code, '-', 2), 6) < to_char(received_at - interval '60 days', 'YYMMDD')
        or right(split_part(dossier_code, '-', 2), 6) > to_char(received_at + interval '60 days', 'YYMMDD')
    )
