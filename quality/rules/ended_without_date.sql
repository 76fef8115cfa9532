-- Finished by its status, but with neither end of processing nor hand-over. A national 9 with an open request for supplements is the
-- portal's way of sending a waiting dossier, and goes in.
select
    staged_id,
    'ended_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status in (7, 9, 10) and ended_at is null and returned_at is null
    and not (
        -- nothing that is looked up for each row: it would keep the rows of all rules to one process
        status = 9 and source in (select d.source from core.dim_source as d where d.portal = 'national')
        and coalesce(
            jsonb_path_exists(
                supplements, '$[*] ? (@.requested_at != null && (!exists(@.resumed_at) || @.resumed_at == null))'
            ), false
        )
    )
