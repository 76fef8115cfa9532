-- Refused, but without the date of it. Only the shape that lists supplements has a column of refusals.
select
    staged_id,
    'refused_at' as field,
    null::text as value
from landing.staged_row
where kind = 'dossiers' and status = 3 and refused_at is null and supplements is not null
