-- An end more than a month late, but between reception and due date when day and month are swapped.
select
    staged_id,
    'ended_at' as field,
    ended_at::text as value
from landing.staged_row
where ended_at > due_at and ended_at > due_at + interval '1 month'
    -- a case: only a day up to 12 makes a month
    and case when extract(day from ended_at) <= 12 then
        make_date(extract(year from ended_at)::int, extract(day from ended_at)::int, extract(month from ended_at)::int)
        between received_at::date and due_at::date
    end
