-- Names that were met on rows that are not published after all.
-- Parameters: names, provinces, lists (of units, beside each other), procedures (names).
with gone as (
    delete from core.unit_resolution as r
    using unnest(cast(:names as text []), cast(:provinces as text []), cast(:lists as date [])) as n (name, province, list)
    where (r.unit_name, r.province_code, r.list_from) = (n.name, n.province, n.list)
    returning r.unit_code, r.unit_valid_from, r.unit_name
),

left_over as (
    select
        g.unit_code,
        g.unit_valid_from,
        -- of several spellings of an unknown unit the first in order names it
        (
            select min(r.unit_name)
            from core.unit_resolution as r
            where r.unit_code = g.unit_code and r.unit_valid_from = g.unit_valid_from
                and not exists (
                    select 1 from gone as o
                    where o.unit_name = r.unit_name and o.unit_code = r.unit_code and o.unit_valid_from = r.unit_valid_from
                )
        ) as unit_name
    from gone as g
    group by g.unit_code, g.unit_valid_from
),

renamed as (
    update core.dim_unit as u
    set unit_name = o.unit_name
    from left_over as o
    where u.is_inferred and u.unit_code = o.unit_code and u.valid_from = o.unit_valid_from and o.unit_name is not null
)

delete from core.dim_unit as u
using left_over as o
where u.is_inferred and u.unit_code = o.unit_code and u.valid_from = o.unit_valid_from and o.unit_name is null;

delete from core.procedure_resolution as r
where r.procedure_name = any(cast(:procedures as text []));
