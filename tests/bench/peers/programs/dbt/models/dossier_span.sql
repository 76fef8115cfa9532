-- grain: one stretch of a dossier's life. Processing from reception, then how it ended or that it waits.
{{ config(unique_key='code', incremental_strategy='delete+insert', indexes=[{'columns': ['code']}, {'columns': ['load_id']}]) }}
with touched as (
    select * from {{ ref('dossier_state') }}
    {% if is_incremental() %}
    where load_id > (select coalesce(max(load_id), '') from {{ this }})
    {% endif %}
)

select
    code, unit, sector, 'processing' as state, received_at as valid_from,
    case state when 'processing' then 'infinity' when 'suspended' then exported_at else ended_at end as valid_to,
    due_at, load_id
from touched
union all
select
    code, unit, sector, state, case state when 'suspended' then exported_at else ended_at end, 'infinity',
    due_at, load_id
from touched
where state <> 'processing'
