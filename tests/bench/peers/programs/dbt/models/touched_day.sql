-- grain: one day on which the flow changes by this load: days of the touched dossiers' events before and after.
{{ config(materialized='table') }}
{% set before = adapter.get_relation(this.database, this.schema, 'dossier_event') %}
with span as (
    select * from {{ ref('dossier_span') }}
    {% if before %}
    where load_id > (select coalesce(max(load_id), '') from {{ before }})
    {% endif %}
)

select distinct event_on from ({{ events_of('span') }}) as e
{% if before %}
union
select e.event_on from {{ before }} as e where e.code in (select code from span)
{% endif %}
