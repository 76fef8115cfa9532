-- Most receptions of a file of fifty or more are at night, not at midnight sharp: its time zone is read wrongly.
with reception as (
    select
        file_no,
        count(*) as all_count,
        count(*) filter (
            where (received_at::time >= '22:00' or received_at::time < '05:00') and received_at <> received_at::date
        ) as night_count
    from landing.staged_row
    where kind = 'dossiers' and received_at is not null
    group by file_no
)

select
    s.staged_id,
    'received_at' as field,
    s.received_at::text as value
from reception as r
inner join landing.staged_row as s on r.file_no = s.file_no
where r.all_count >= 50 and r.night_count * 2 > r.all_count
    and s.kind = 'dossiers' and s.received_at <> s.received_at::date
    and (s.received_at::time >= '22:00' or s.received_at::time < '05:00')
