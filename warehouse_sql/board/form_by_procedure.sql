-- grain: one procedure with something to count.
-- Parameters: date_from, date_to, rule_set, known_at, unit_keys, sector.
select
    f.part_key as procedure_code,
    coalesce(p.procedure_name, f.part_key) as procedure_name,
    p.sector_name,
    f.*
from mart.form_by_part('procedure', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
left join mart.procedure as p on f.part_key = p.procedure_code and p.is_last
