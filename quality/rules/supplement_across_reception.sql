-- A supplement asked for before the reception and not brought by then: the clock stood still before it ran.
select
    staged_id,
    'supplements' as field,
    jsonb_path_query_first(
        supplements, '$[*] ? (@.requested_at < $at && (@.resumed_at == null || @.resumed_at > $at)).requested_at', jsonb_build_object('at', received_at)
    ) #>> '{}' as value
from landing.staged_row
where supplements <> '[]'
    and jsonb_path_exists(supplements, '$[*] ? (@.requested_at < $at && (@.resumed_at == null || @.resumed_at > $at))', jsonb_build_object('at', received_at))
