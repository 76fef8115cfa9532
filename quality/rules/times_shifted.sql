-- Most receptions of a file at night: its times are read in the wrong zone. Only of files with fifty rows or more;
-- midnight itself is how lists write a date without a time.
with night as (
    select
        staged_id,
        file_no,
        received_at,
        (received_at::time >= '22:00' or received_at::time < '05:00') and received_at::time <> '00:00' as is_night
    from landing.staged_row
    where kind = 'dossiers' and received_at is not null
)

select
    n.staged_id,
    'received_at' as field,
    n.received_at::text as value
from night as n
inner join (
    select file_no
    from night
    group by file_no
    having count(*) >= 50 and count(*) filter (where is_night) * 2 > count(*)
) as f on n.file_no = f.file_no
where n.is_night
