-- An inferred unit is called by one of the spellings met, the same whatever came first: a new spelling may rename it. All rows of a
-- unit bear one name: one of them tells whether they are to bear another, so that these tables are not read through every night.
with renamed as materialized (
    select u.unit_code, u.valid_from, u.unit_name
    from core.dim_unit as u
    cross join lateral (
        select o.unit_name
        from mart.overdue_stock as o
        where o.unit_code = u.unit_code and o.unit_valid_from = u.valid_from
        -- by the key, which finds it
        order by o.unit_code, o.unit_valid_from, o.rule_set, o.date
        limit 1
    ) as present
    where u.is_inferred and present.unit_name <> u.unit_name
)

update mart.overdue_stock as o
set unit_name = r.unit_name
from renamed as r
where o.unit_code = r.unit_code and o.unit_valid_from = r.valid_from;

with renamed as materialized (
    select u.unit_code, u.valid_from, u.unit_name
    from core.dim_unit as u
    cross join lateral (
        select t.unit_name
        from mart.timeliness_count as t
        where t.unit_code = u.unit_code and t.unit_valid_from = u.valid_from
        order by t.unit_code, t.unit_valid_from, t.procedure_code, t.channel, t.calendar, t.month, t.rule_sets
        limit 1
    ) as present
    where u.is_inferred and present.unit_name <> u.unit_name
)

update mart.timeliness_count as t
set unit_name = r.unit_name
from renamed as r
where t.unit_code = r.unit_code and t.unit_valid_from = r.valid_from;
