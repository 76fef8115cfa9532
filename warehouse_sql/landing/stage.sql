-- What the staged rows of a file say last, and which of them are given up for another row of the same file.
-- Of equal rows one stands; of unequal rows with one code the later state stands.
update landing.staged_row as r
set
    state_at = coalesce(
        greatest(
            r.submitted_at, r.received_at, r.ended_at, r.returned_at, r.refused_at, r.supplement_requested_at,
            (
                select max(greatest(x.requested_at, x.resumed_at))
                from jsonb_to_recordset(r.supplements) as x (requested_at timestamp, resumed_at timestamp)
            )
        ),
        r.exported_at
    ),
    state_rank = coalesce((select s.life_order from core.dim_status as s where s.status = r.status), 0)
where r.kind = 'dossiers' and r.verdict is null;

update landing.staged_row as r
set verdict = 'duplicate'
from (
    select
        staged_id,
        row_number() over (
            partition by dossier_code order by state_at desc, state_rank desc, staged_id desc
        ) as place
    from landing.staged_row
    where kind = 'dossiers' and verdict is null
    union all
    select
        staged_id,
        row_number() over (
            partition by dossier_code, processed_at, status, department, position, started_at, due_at
            order by staged_id
        ) as place
    from landing.staged_row
    where kind = 'steps' and verdict is null
) as p
where r.staged_id = p.staged_id and p.place > 1;
