-- grain: one dossier received in the period whose attached papers name one that may not be asked for any more; the
-- latest first. Parameters: date_from, date_to. Needs report_unit, report_dossier.
select
    d.dossier_code,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.field_name,
    d.received_at,
    d.has_household_book,
    d.has_identity_copy
from report_dossier as d
inner join report_unit as u on d.unit_key = u.unit_key
where d.is_counted and (d.has_household_book or d.has_identity_copy)
    and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
    and coalesce(d.vanished_at >= cast(:date_to as date) + 1, true)
order by d.received_at desc, d.dossier_code asc;
