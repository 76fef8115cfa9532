-- End of processing, or hand-over, before reception. A bare date (midnight) stands for its whole day.
select
    staged_id,
    case when ended_at < received_at and not (ended_at = received_at::date)
        then 'ended_at' else 'returned_at'
    end as field,
    case when ended_at < received_at and not (ended_at = received_at::date)
        then ended_at else returned_at
    end::text as value
from landing.staged_row
where kind = 'dossiers'
    and (
        (ended_at < received_at and not (ended_at = received_at::date))
        or (returned_at < received_at and not (returned_at = received_at::date))
    )
