-- grain: one unit. Form II.06 from the first day to the day of the last export.
{{ config(materialized='table') }}
select
    unit,
    sum(received)::bigint as received,
    sum(resolved_early)::bigint as early,
    sum(resolved_on_time)::bigint as on_time,
    sum(resolved_late)::bigint as late,
    sum(received - resolved_early - resolved_on_time - resolved_late)::bigint as pending,
    sum(became_overdue - overdue_cleared)::bigint as overdue
from {{ ref('daily_flow') }}
where event_on <= (select max(exported_at)::date from {{ ref('dossier_state') }})
group by unit
