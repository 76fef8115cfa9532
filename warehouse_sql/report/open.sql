-- What is open at the end of the period, each with the stretch it is in then: report_open.
-- Parameters: date_to. Needs report_unit, report_life, report_span.
-- Makes report_open.
create temporary table report_open on commit drop as
select
    l.dossier_code,
    l.unit_key,
    l.unit_no,
    l.sector_no,
    l.procedure_key,
    u.unit_code,
    u.unit_name,
    l.received_at,
    s.status,
    s.state,
    l.is_overdue,
    -- without a promise, by the limit of the procedure
    coalesce(s.due_at, l.limit_due_at) as due_at
from report_life as l
inner join report_unit as u on l.unit_key = u.unit_key
inner join report_span as s
    on l.dossier_code = s.dossier_code and cast(s.valid_from as date) <= :date_to and cast(s.valid_to as date) > :date_to
where l.is_open;

analyze report_open;
