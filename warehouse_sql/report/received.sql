-- grain: one unit, sector and reporting month (15 to 14), cut to the period: how dossiers came and were paid for, and what
-- was asked of them, by the month of reception; how those that were finished in the period were digitised and answered, by
-- the month of their end: paid online as indicator 3.6, digitised as 4.2, electronic result as 4.1. What each means, core.dossier_service says: the same as in mart.indicator_qd766. A dossier of which no export
-- states what is counted, or of which it is not asked, is in no *_stated: null is not 0.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_sector, report_procedure.
-- Counted by both months at once, so that the dossiers, a million, are gone through once.
with counted as (
    select
        d.unit_key, d.procedure_key, r.reporting_month as received_month, e.reporting_month as ended_month,
        count(*) as dossiers,
        count(*) filter (where d.channel = 1) as direct,
        count(*) filter (where d.channel = 2) as online,
        count(*) filter (where d.channel = 3) as postal,
        count(d.is_paid_online) as payment_stated,
        count(*) filter (where d.is_paid_online) as paid_online,
        count(d.is_identified) as identified_stated,
        count(*) filter (where d.is_identified) as identified,
        count(d.is_wholly_digitised) as digitised_stated,
        count(*) filter (where d.is_wholly_digitised) as digitised,
        count(d.is_answered_electronically) as result_stated,
        count(*) filter (where d.is_answered_electronically) as electronic_result,
        count(*) filter (where d.has_household_book) as with_household_book,
        count(*) filter (where d.has_identity_copy) as with_identity_copy,
        count(*) filter (where d.has_household_book or d.has_identity_copy) as with_either
    from core.dossier_in_period(:date_from, cast(:date_to as date) + 1, cast(:known_at as timestamptz)) as d
    left join core.dim_date as r on d.is_received and cast(d.received_at as date) = r.date
    left join core.dim_date as e
        on d.is_finished and num_nonnulls(d.is_answered_electronically, d.is_wholly_digitised) > 0 and cast(d.resolved_at as date) = e.date
    group by d.unit_key, d.procedure_key, r.reporting_month, e.reporting_month
)

select
    u.unit_no,
    coalesce(p.sector_no, n.sector_no) as sector_no,
    m.month,
    cast(coalesce(sum(c.dossiers) filter (where m.is_reception), 0) as bigint) as received,
    cast(coalesce(sum(c.direct) filter (where m.is_reception), 0) as bigint) as direct,
    cast(coalesce(sum(c.online) filter (where m.is_reception), 0) as bigint) as online,
    cast(coalesce(sum(c.postal) filter (where m.is_reception), 0) as bigint) as postal,
    cast(coalesce(sum(c.payment_stated) filter (where m.is_reception), 0) as bigint) as payment_stated,
    cast(coalesce(sum(c.paid_online) filter (where m.is_reception), 0) as bigint) as paid_online,
    cast(coalesce(sum(c.identified_stated) filter (where m.is_reception), 0) as bigint) as identified_stated,
    cast(coalesce(sum(c.identified) filter (where m.is_reception), 0) as bigint) as identified,
    cast(coalesce(sum(c.digitised_stated) filter (where not m.is_reception), 0) as bigint) as digitised_stated,
    cast(coalesce(sum(c.digitised) filter (where not m.is_reception), 0) as bigint) as digitised,
    cast(coalesce(sum(c.result_stated) filter (where not m.is_reception), 0) as bigint) as result_stated,
    cast(coalesce(sum(c.electronic_result) filter (where not m.is_reception), 0) as bigint) as electronic_result,
    cast(coalesce(sum(c.with_household_book) filter (where m.is_reception), 0) as bigint) as with_household_book,
    cast(coalesce(sum(c.with_identity_copy) filter (where m.is_reception), 0) as bigint) as with_identity_copy,
    cast(coalesce(sum(c.with_either) filter (where m.is_reception), 0) as bigint) as with_either
from counted as c
inner join report_unit as u on c.unit_key = u.unit_key
left join report_procedure as p on c.procedure_key = p.procedure_key
cross join (select max(f.sector_no) as sector_no from report_sector as f) as n
cross join lateral (values (true, c.received_month), (false, c.ended_month)) as m (is_reception, month)
where m.month is not null
group by u.unit_no, coalesce(p.sector_no, n.sector_no), m.month
order by 1, 2, 3;
