-- Reception, end of processing or hand-over more than a day after the export was made.
select
    staged_id,
    case
        when received_at > exported_at + interval '1 day' then 'received_at'
        when ended_at > exported_at + interval '1 day' then 'ended_at'
        else 'returned_at'
    end as field,
    greatest(received_at, ended_at, returned_at)::text as value
from landing.staged_row
where kind = 'dossiers' and greatest(received_at, ended_at, returned_at) > exported_at + interval '1 day'
