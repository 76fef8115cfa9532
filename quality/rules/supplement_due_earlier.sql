-- A supplement that moved the due date forward instead of back.
select
    staged_id,
    'supplements' as field,
    jsonb_path_query_first(
        supplements, '$[*] ? (@.due_after < @.due_before).due_after'
    ) #>> '{}' as value
from landing.staged_row
where supplements <> '[]'
    and jsonb_path_exists(supplements, '$[*] ? (@.due_after < @.due_before)')
