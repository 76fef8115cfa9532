-- Minutes of the period in which a unit finished at least `least` dossiers, and how many: report_finish_minute, of all units. All its
-- other minutes are one row, without minute_at: a million of them would be kept for nothing but their sum. Ends without a time of day
-- (midnight) tell nothing. Parameters: least. Needs report_finish.
-- Makes report_finish_minute.
create temporary table report_finish_minute on commit drop as
with counted as (
    select f.unit_key, date_trunc('minute', f.ended_at) as minute_at, count(*) as dossiers
    from report_finish as f
    where cast(f.ended_at as time) > '00:00'
    group by f.unit_key, date_trunc('minute', f.ended_at)
)

select c.unit_key, b.minute_at, cast(sum(c.dossiers) as bigint) as dossiers
from counted as c
cross join lateral (select case when c.dossiers >= :least then c.minute_at end as minute_at) as b
group by c.unit_key, b.minute_at;

analyze report_finish_minute;
