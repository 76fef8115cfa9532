-- Every dossier received in the period whose attached papers name one that may not be asked for any more into report_list; the
-- latest first. kinds: book, a household-registration book; identity, a copy of an identity card.
-- Parameters: date_from, date_to. Needs report_list, report_dossier.
insert into report_list (list, place, dossier_code, unit_key, unit_no, sector_no, procedure_key, received_at, kinds)
select
    'papers',
    row_number() over (order by d.received_at desc, d.dossier_code asc),
    d.dossier_code, d.unit_key, d.unit_no, d.sector_no, d.procedure_key, d.received_at,
    case when d.has_household_book then array['book'] else '{}' end || case when d.has_identity_copy then array['identity'] else '{}' end
from report_dossier as d
where d.is_counted and (d.has_household_book or d.has_identity_copy)
    and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
    and coalesce(d.vanished_at >= cast(:date_to as date) + 1, true);
