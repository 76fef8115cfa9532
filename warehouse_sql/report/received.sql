-- grain: one unit, sector and reporting month (15 to 14), cut to the period: how dossiers came and were paid for, and what
-- was asked of them, by the month of reception; how those that were finished in the period were digitised and answered, by
-- the month of their end: paid online as indicator 3.6, digitised as 4.2, electronic result as 4.1. What each means, core.dossier_service says: the same as in mart.indicator_qd766. A dossier of which no export
-- states what is counted, or of which it is not asked, is in no *_stated: null is not 0.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_sector, report_procedure.
select
    u.unit_no,
    coalesce(p.sector_no, n.sector_no) as sector_no,
    t.reporting_month as month,
    count(*) filter (where m.is_reception) as received,
    count(*) filter (where m.is_reception and d.channel = 1) as direct,
    count(*) filter (where m.is_reception and d.channel = 2) as online,
    count(*) filter (where m.is_reception and d.channel = 3) as postal,
    count(d.is_paid_online) filter (where m.is_reception) as payment_stated,
    count(*) filter (where m.is_reception and d.is_paid_online) as paid_online,
    count(d.is_identified) filter (where m.is_reception) as identified_stated,
    count(*) filter (where m.is_reception and d.is_identified) as identified,
    count(d.is_wholly_digitised) filter (where not m.is_reception) as digitised_stated,
    count(*) filter (where not m.is_reception and d.is_wholly_digitised) as digitised,
    count(d.is_answered_electronically) filter (where not m.is_reception) as result_stated,
    count(*) filter (where not m.is_reception and d.is_answered_electronically) as electronic_result,
    count(*) filter (where m.is_reception and d.has_household_book) as with_household_book,
    count(*) filter (where m.is_reception and d.has_identity_copy) as with_identity_copy,
    count(*) filter (where m.is_reception and (d.has_household_book or d.has_identity_copy)) as with_either
from core.dossier_in_period(:date_from, cast(:date_to as date) + 1, cast(:known_at as timestamptz)) as d
inner join report_unit as u on d.unit_key = u.unit_key
left join report_procedure as p on d.procedure_key = p.procedure_key
cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
cross join lateral (
    select true as is_reception, d.received_at as happened_at
    where d.is_received
    union all
    select false, d.resolved_at
    where d.is_finished and num_nonnulls(d.is_answered_electronically, d.is_wholly_digitised) > 0
) as m
inner join core.dim_date as t on cast(m.happened_at as date) = t.date
group by u.unit_no, coalesce(p.sector_no, n.sector_no), t.reporting_month
order by 1, 2, 3;
