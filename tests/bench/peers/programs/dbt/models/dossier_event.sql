-- grain: one thing that a dossier adds to a day.
-- depends_on: {{ ref('touched_day') }}
{{ config(unique_key='code', incremental_strategy='delete+insert', indexes=[{'columns': ['code']}, {'columns': ['event_on']}, {'columns': ['load_id']}]) }}
with span as (
    select * from {{ ref('dossier_span') }}
    {% if is_incremental() %}
    where load_id > (select coalesce(max(load_id), '') from {{ this }})
    {% endif %}
)

{{ events_of('span') }}
