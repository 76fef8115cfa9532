-- How many dossiers a unit finished in one minute of the period: report_finish_minute, of all units. Ends without a time of
-- day (midnight) tell nothing. Needs report_finish.
-- Makes report_finish_minute.
create temporary table report_finish_minute on commit drop as
select f.unit_key, date_trunc('minute', f.ended_at) as minute_at, count(*) as dossiers
from report_finish as f
where cast(f.ended_at as time) > '00:00'
group by f.unit_key, date_trunc('minute', f.ended_at);

analyze report_finish_minute;
