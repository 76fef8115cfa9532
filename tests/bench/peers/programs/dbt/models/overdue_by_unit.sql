-- grain: one unit with open dossiers past their due day at the last export.
{{ config(materialized='table') }}
select unit, count(*) as overdue, min(due_at) as longest_due_at
from {{ ref('dossier_state') }}
where state = 'processing' and due_at::date < (select max(exported_at)::date from {{ ref('dossier_state') }})
group by unit
