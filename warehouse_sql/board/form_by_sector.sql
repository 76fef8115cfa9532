-- grain: one sector with something to count.
-- Parameters: date_from, date_to, rule_set, known_at, unit_keys, sector.
select
    f.part_key as sector_code,
    coalesce(s.sector_name, f.part_key) as sector_name,
    f.*
from mart.form_by_part('sector', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
left join (
    select p.sector_code, min(p.sector_name) as sector_name from mart.procedure as p group by p.sector_code
) as s on f.part_key = s.sector_code
