-- Spans of the dossiers of a report that were ever late or are open at the end of the period, as known at a moment.
-- Needs report_life, derived_dossier.
-- Makes report_span.
create temporary table report_span on commit drop as
select d.dossier_code, s.valid_from, s.valid_to, s.status, s.state, s.due_at
from derived_dossier as d
cross join lateral unnest(d.spans) as s
where d.dossier_code in (select l.dossier_code from report_life as l);

-- Lists look their dossiers up one by one.
create index on report_span (dossier_code);
analyze report_span;
