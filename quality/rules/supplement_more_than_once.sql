-- More than one request for supplements.
select
    staged_id,
    'supplements' as field,
    jsonb_array_length(supplements)::text as value
from landing.staged_row
where supplements <> '[]' and jsonb_array_length(supplements) > 1
