-- Finished while a supplement is still waited for. One that waits is sent as finished at the very moment of the request.
select
    staged_id,
    'supplements' as field,
    jsonb_path_query_first(
        supplements, '$[*] ? (@.resumed_at == null && @.requested_at < $at).requested_at', jsonb_build_object('at', ended_at)
    ) #>> '{}' as value
from landing.staged_row
where supplements <> '[]' and status in (9, 10)
    and jsonb_path_exists(supplements, '$[*] ? (@.resumed_at == null && @.requested_at < $at)', jsonb_build_object('at', ended_at))
