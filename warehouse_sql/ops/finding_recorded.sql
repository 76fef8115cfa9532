-- grain: one finding as recorded by a moment, of these units and all that belongs to them; of all when none is asked for.
-- Findings about all units together belong to every report. Parameters: units, known_at.
select
    f.finding_id,
    f.inspection,
    f.unit_code,
    f.unit_valid_from,
    coalesce(u.unit_name, 'Tất cả đơn vị') as unit_name,
    f.finding,
    f.measure,
    f.due_on,
    f.indicator,
    f.baseline_from,
    f.baseline_to,
    f.baseline_value,
    f.created_on,
    case when f.closing_recorded_at <= cast(:known_at as timestamptz) then f.closed_on end as closed_on,
    case when f.closing_recorded_at <= cast(:known_at as timestamptz) then f.closing_note end as closing_note
from ops.finding as f
left join core.dim_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
where f.recorded_at <= cast(:known_at as timestamptz)
    and (
        cast(:units as text []) is null
        or f.unit_code = 'all'
        or f.unit_code = any(cast(:units as text []))
        or u.parent_code = any(cast(:units as text []))
        or u.province_code = any(cast(:units as text []))
    )
order by f.inspection, f.finding_id;
