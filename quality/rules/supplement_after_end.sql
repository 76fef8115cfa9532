-- A supplement asked for after the end of processing.
select
    staged_id,
    'supplements' as field,
    jsonb_path_query_first(
        supplements, '$[*] ? (@.requested_at > $at).requested_at', jsonb_build_object('at', ended_at)
    ) #>> '{}' as value
from landing.staged_row
where supplements <> '[]' and status in (7, 9, 10)
    and jsonb_path_exists(supplements, '$[*] ? (@.requested_at > $at)', jsonb_build_object('at', ended_at))
