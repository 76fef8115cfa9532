-- grain: one unit, sector and reporting month (15 to 14) of reception, cut to the period: how dossiers came, were paid
-- for, digitised and answered, and what was asked of them. Of dossiers that are still listed at the end of the period.
-- A dossier of which no export says what is counted is in no *_said: null is not 0.
-- Parameters: date_from, date_to. Needs report_dossier.
select
    d.unit_no,
    d.sector_no,
    t.reporting_month as month,
    count(*) as received,
    count(*) filter (where d.channel = 1) as direct,
    count(*) filter (where d.channel = 2) as online,
    count(*) filter (where d.channel = 3) as postal,
    count(d.payment_online) as payment_stated,
    count(*) filter (where d.payment_online in (1, 2)) as paid_online,
    count(d.is_digitised) as digitised_stated,
    count(*) filter (where d.is_digitised) as digitised,
    count(d.is_identified) as identified_stated,
    count(*) filter (where d.is_identified) as identified,
    count(d.has_electronic_result) filter (where d.ended_at < cast(:date_to as date) + 1) as result_stated,
    count(*) filter (where d.has_electronic_result and d.ended_at < cast(:date_to as date) + 1) as electronic_result,
    count(*) filter (where d.has_household_book) as with_household_book,
    count(*) filter (where d.has_identity_copy) as with_identity_copy,
    count(*) filter (where d.has_household_book or d.has_identity_copy) as with_either
from report_dossier as d
inner join core.dim_date as t on cast(d.received_at as date) = t.date
where d.is_counted
    and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
    and coalesce(d.vanished_at >= cast(:date_to as date) + 1, true)
group by d.unit_no, d.sector_no, t.reporting_month
order by d.unit_no, d.sector_no, t.reporting_month;
