-- grain: unit, sector, day.
-- depends_on: {{ ref('touched_day') }}
{{ config(unique_key='event_on', incremental_strategy='delete+insert', indexes=[{'columns': ['event_on']}]) }}
select
    event_on,
    unit,
    sector,
    count(*) filter (where kind = 'received') as received,
    count(*) filter (where kind = 'resolved_early') as resolved_early,
    count(*) filter (where kind = 'resolved_on_time') as resolved_on_time,
    count(*) filter (where kind = 'resolved_late') as resolved_late,
    count(*) filter (where kind = 'became_overdue') as became_overdue,
    count(*) filter (where kind = 'overdue_cleared') as overdue_cleared
from {{ ref('dossier_event') }}
{% if is_incremental() %}
where event_on in (select event_on from {{ ref('touched_day') }})
{% endif %}
group by event_on, unit, sector
