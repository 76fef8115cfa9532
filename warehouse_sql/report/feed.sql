-- grain: one source and export day of the period on which its feed is not complete, now or by a past moment.
-- Parameters: date_from, date_to, known_at.
select source, day, status
from mart.incomplete_feed(:date_from, :date_to, cast(:known_at as timestamptz))
order by source, day;
