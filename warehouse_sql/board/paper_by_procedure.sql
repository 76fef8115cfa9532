-- grain: one procedure with dossiers received in the period that hold papers which may not be asked for any more.
-- Parameters: date_from, date_to, unit_keys.
select
    d.procedure_code,
    d.procedure_name,
    count(*) as received,
    count(*) filter (where d.has_household_book) as with_household_book,
    count(*) filter (where d.has_identity_copy) as with_identity_copy
from mart.dossier as d
where d.is_counted and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
group by d.procedure_code, d.procedure_name
having bool_or(d.has_household_book or d.has_identity_copy)
