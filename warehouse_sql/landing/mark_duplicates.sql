-- Rows that are given up for another row of the same file: of equal rows one stands; of unequal rows with one code
-- the later state stands.
-- These rows are few, which the planner can't know before: from a table that is analysed the update is quick.
create temporary table staged_double on commit drop as
select p.staged_id
from (
    select
        staged_id,
        row_number() over (
            partition by file_no, dossier_code order by state_at desc, state_rank desc, staged_id desc
        ) as place
    from landing.staged_row
    where kind = 'dossiers' and verdict is null
    union all
    select
        staged_id,
        row_number() over (
            partition by file_no, dossier_code, processed_at, status, department, position, started_at, due_at
            order by staged_id
        ) as place
    from landing.staged_row
    where kind = 'steps' and verdict is null
) as p
where p.place > 1;

analyze staged_double;

update landing.staged_row as r
set verdict = 'duplicate'
from staged_double as d
where r.staged_id = d.staged_id;

drop table staged_double;
