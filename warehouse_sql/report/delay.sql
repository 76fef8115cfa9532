-- grain: one source: how often it stated later than another what would look like an edit in its own statements alone, and how much
-- later; out of what was known at a moment; stated first in or after the period, of dossiers received by its end.
-- Parameters: date_from, date_to, known_at. Needs report_dossier.
select
    e.source,
    count(*) as delays,
    count(distinct e.dossier_code) as dossiers,
    cast(percentile_cont(0.5) within group (order by extract(epoch from e.first_seen_at - e.stated_first_at) / 3600) as bigint) as median_hours
from core.delay_as_known(cast(:known_at as timestamptz)) as e
inner join report_dossier as d on e.dossier_code = d.dossier_code
where e.first_seen_at >= :date_from and coalesce(d.received_at < cast(:date_to as date) + 1, true)
group by e.source
order by e.source;
