-- A due date before the reception or ninety days and more after it, but within sixty days of it when day and month are swapped.
select
    staged_id,
    'due_at' as field,
    due_at::text as value
from landing.staged_row
where kind = 'dossiers' and (due_at < received_at::date or due_at::date > received_at::date + 90)
    -- a case: only a day up to 12 makes a month
    and case when extract(day from due_at) <= 12 then
        make_date(extract(year from due_at)::int, extract(day from due_at)::int, extract(month from due_at)::int)
        between received_at::date and received_at::date + 60
    end
