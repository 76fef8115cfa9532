-- Finished by its status, but with neither end of processing nor hand-over. A national 9 with an open request for supplements is the
-- portal's way of sending a waiting dossier, and goes in.
select
    staged_id,
    'ended_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status in (7, 9, 10) and ended_at is null and returned_at is null
    and not (
        status = 9 and exists (
            select 1
            from core.dim_source as d
            where d.source = staged_row.source and d.portal = 'national'
        )
        and exists (
            select 1
            from jsonb_array_elements(coalesce(supplements, '[]')) as w (request)
            where w.request ->> 'requested_at' is not null and w.request ->> 'resumed_at' is null
        )
    )
