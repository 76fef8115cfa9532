-- A supplement that came before it was asked for.
select
    staged_id,
    'supplements' as field,
    jsonb_path_query_first(
        supplements, '$[*] ? (@.resumed_at < @.requested_at).resumed_at'
    ) #>> '{}' as value
from landing.staged_row
where supplements <> '[]'
    and jsonb_path_exists(supplements, '$[*] ? (@.resumed_at < @.requested_at)')
