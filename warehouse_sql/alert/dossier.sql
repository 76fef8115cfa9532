-- grain: one open overdue dossier of what an alert watches (units, and a sector), the longest late first.
-- Parameters: kind, unit_code, unit_name, field_code, day (names the list of units), most. total: of all of them.
with watched as (
    select u.unit_code, u.valid_from
    from core.dim_unit as u
    where (
        :kind in ('unit', 'unit_field', 'stock') and u.unit_code = :unit_code
        and u.valid_from = (
            -- codes were reused and names stayed: of the lists that have it by that name, the one of the day
            select n.valid_from
            from core.dim_unit as n
            where n.unit_code = :unit_code
            order by n.unit_name = :unit_name desc, n.valid_from <= cast(:day as date) desc, n.valid_from desc
            limit 1
        )
    )
    or (:kind = 'district' and u.valid_from < date '2025-07-01' and :unit_code in (u.unit_code, u.parent_code))
    or (
        :kind = 'province' and u.province_code = :unit_code
        and cast(:day as date) >= u.valid_from and cast(:day as date) < u.valid_to
    )
),

-- Dossiers of before the reform are still open under their old unit, those of after it under the new one.
related as (
    select w.unit_code, w.valid_from from watched as w
    union
    select s.new_code, date '2025-07-01'
    from watched as w
    inner join core.unit_successor as s on w.unit_code = s.old_code and s.is_default
    where :kind in ('district', 'province') and w.valid_from < date '2025-07-01'
    union
    select s.old_code, date '1900-01-01'
    from watched as w
    inner join core.unit_successor as s on w.unit_code = s.new_code and s.is_default
    where :kind = 'province' and w.valid_from >= date '2025-07-01'
)

select
    o.dossier_code,
    cast(o.due_at as date) as due_on,
    -o.working_days_left as days_late,
    count(*) over () as total
from mart.open_dossier as o
inner join related as r on o.unit_code = r.unit_code and o.unit_valid_from = r.valid_from
where o.is_overdue
    and (
        cast(:field_code as text) is null or exists (
            select 1
            from core.dim_procedure as p
            where p.procedure_code = o.procedure_code and p.field_code = cast(:field_code as text)
        )
    )
order by o.due_at asc, o.dossier_code asc
limit :most;
