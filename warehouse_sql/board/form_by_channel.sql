-- grain: one channel with something to count.
-- Parameters: date_from, date_to, rule_set, known_at, unit_keys, sector.
select
    c.channel,
    c.channel_name_vi,
    c.channel_name_en,
    f.*
from mart.form_by_part('channel', :date_from, :date_to, :rule_set, cast(:known_at as timestamptz), cast(:unit_keys as bigint []), cast(:sector as text)) as f
inner join mart.channel as c on cast(f.part_key as smallint) = c.channel
