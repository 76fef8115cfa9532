-- grain: one dossier received in the period that holds papers which may not be asked for any more.
-- Parameters: date_from, date_to, unit_keys, procedure, kind (household_book or identity_copy; received: any dossier of a procedure with
-- either; none: those with either).
select
    d.dossier_code,
    d.unit_code,
    d.unit_valid_from,
    d.unit_name,
    d.procedure_name,
    d.received_at,
    d.has_household_book,
    d.has_identity_copy
from mart.dossier as d
where d.is_counted and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
    and case cast(:kind as text)
        when 'household_book' then d.has_household_book
        when 'identity_copy' then d.has_identity_copy
        -- One look at the period for all rows.
        when 'received' then d.procedure_code in (
            select o.procedure_code
            from mart.dossier as o
            where o.is_counted and o.received_at >= :date_from
                and o.received_at < cast(:date_to as date) + 1 and (o.has_household_book or o.has_identity_copy)
                and (cast(:unit_keys as bigint []) is null or o.unit_key = any(cast(:unit_keys as bigint [])))
        )
        else d.has_household_book or d.has_identity_copy
    end
    and (cast(:procedure as text) is null or d.procedure_code = cast(:procedure as text))
    and (cast(:unit_keys as bigint []) is null or d.unit_key = any(cast(:unit_keys as bigint [])))
