-- Most receptions of a file of fifty or more are on the days of their dossier codes only when day and month are swapped.
with swapped as materialized (
    select
        staged_id,
        file_no,
        received_at
    from landing.staged_row
    where kind = 'dossiers' and date_part('day', received_at) <= 12
        and date_part('day', received_at) <> date_part('month', received_at)
        and to_char(received_at, 'YYDDMM') = right(split_part(dossier_code, '-', 2), 6)
),

suspect as (
    select
        w.file_no,
        count(*) as swapped_count
    from swapped as w
    group by w.file_no
    having count(*) > 25
),

mistaken as (
    select s.file_no
    from landing.staged_row as s
    inner join suspect as u on s.file_no = u.file_no
    where s.kind = 'dossiers' and s.received_at is not null
    group by s.file_no
    having count(*) >= 50 and min(u.swapped_count) * 2 > count(*)
)

select
    w.staged_id,
    'received_at' as field,
    w.received_at::text as value
from swapped as w
where w.file_no in (select m.file_no from mistaken as m)
