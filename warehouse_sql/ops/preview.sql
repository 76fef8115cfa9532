-- grain: one dossier, with what a change of reference data may move.
select
    f.dossier_code,
    f.unit_code,
    f.procedure_code,
    f.due_at,
    d.computed_due_at,
    f.status
from core.fct_dossier as f
left join core.fct_due as d on f.dossier_code = d.dossier_code;

-- grain: one row, the last reporting period that is counted, up to the day that is; nulls before the first export.
select
    min(d.date) as date_from,
    least(max(d.date), max(m.counted_to)) as date_to
from core.dim_date as d
inner join (
    select
        t.month,
        max(t.counted_to) as counted_to
    from mart.timeliness_month as t
    where t.calendar = 'reporting'
    group by t.month
    order by t.month desc
    limit 1
) as m on d.reporting_month = m.month;

-- grain: one unit with its form II.06 of the period.
select *
from mart.form_ii06(:date_from, :date_to);

-- grain: one unit of today with the form rolled into it; units that were divided are apportioned by weights.
select *
from mart.form_ii06_successor(:date_from, :date_to);
