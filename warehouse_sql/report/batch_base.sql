-- grain: one unit of the report, and one row (unit_no null) for all others: dossiers finished in the period at a known
-- time of day, and how many of them together with at least `least` (report/finish_minute.sql) of their unit in one minute.
-- Needs report_unit, report_finish_minute.
select
    u.unit_no,
    cast(sum(m.dossiers) as bigint) as finished,
    cast(coalesce(sum(m.dossiers) filter (where m.minute_at is not null), 0) as bigint) as in_batches,
    count(*) filter (where m.minute_at is not null) as batches,
    coalesce(max(m.dossiers) filter (where m.minute_at is not null), 0) as largest
from report_finish_minute as m
left join report_unit as u on m.unit_key = u.unit_key
group by u.unit_no
order by u.unit_no;
