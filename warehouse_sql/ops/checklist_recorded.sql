-- grain: one item of the checklist that an inspection answered about one unit, as recorded by a moment, of these units and
-- all that belongs to them; of all when none is asked for. `place` counts the inspections of a unit from the last one (1)
-- back; former_*: the answer of the inspection before it. Parameters: units, known_at.
with in_force as (
    select distinct on (a.inspection, a.unit_code, a.unit_valid_from, a.item) a.*
    from ops.inspection_answer as a
    where a.recorded_at <= cast(:known_at as timestamptz)
    order by a.inspection asc, a.unit_code asc, a.unit_valid_from asc, a.item asc, a.recorded_at desc, a.answer_id desc
),

begun as (
    select f.*, min(f.answered_on) over (partition by f.inspection, f.unit_code, f.unit_valid_from) as begun_on
    from in_force as f
),

placed as (
    select
        b.*,
        dense_rank() over (partition by b.unit_code, b.unit_valid_from order by b.begun_on desc, b.inspection desc) as place,
        lag(b.inspection) over in_turn as former_inspection,
        lag(b.answer) over in_turn as former_answer
    from begun as b
    window in_turn as (partition by b.unit_code, b.unit_valid_from, b.item order by b.begun_on, b.inspection)
)

select
    p.inspection,
    p.unit_code,
    p.unit_valid_from,
    coalesce(u.unit_name, 'Tất cả đơn vị') as unit_name,
    p.item,
    p.answer,
    p.note,
    p.answered_on,
    p.place,
    p.former_inspection,
    p.former_answer
from placed as p
left join core.dim_unit as u on p.unit_code = u.unit_code and p.unit_valid_from = u.valid_from
where
    cast(:units as text []) is null
    or p.unit_code = 'all'
    or p.unit_code = any(cast(:units as text []))
    or u.parent_code = any(cast(:units as text []))
    or u.province_code = any(cast(:units as text []))
order by p.place, p.inspection, p.unit_code, p.item;
