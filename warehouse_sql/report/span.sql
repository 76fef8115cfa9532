-- Spans of the dossiers of a report that were ever late or are open at the end of the period, as known at its moment.
-- Parameters: known_at. Needs report_life.
-- Makes report_span.
create temporary table report_span on commit drop as
select s.dossier_code, s.valid_from, s.valid_to, s.status, s.state, s.due_at
from core.span_as_known(cast(:known_at as timestamptz)) as s
where s.dossier_code in (select l.dossier_code from report_life as l);

-- Lists look their dossiers up one by one.
create index on report_span (dossier_code);
analyze report_span;
