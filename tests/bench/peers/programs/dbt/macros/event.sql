{% macro events_of(spans) %}
{# What spans add to days under ii06: dates are compared, withdrawn is on time, waiting is never overdue. #}
    select code, unit, sector, valid_from::date as event_on, 'received' as kind, load_id
    from {{ spans }} where state = 'processing'
    union all
    select
        code, unit, sector, valid_from::date,
        case
            when state = 'withdrawn' or due_at is null or valid_from::date = due_at::date then 'resolved_on_time'
            when valid_from::date < due_at::date then 'resolved_early'
            else 'resolved_late'
        end,
        load_id
    from {{ spans }} where state in ('resolved', 'withdrawn')
    union all
    select code, unit, sector, due_at::date + 1, 'became_overdue', load_id
    from {{ spans }} where state = 'processing' and due_at::date + 1 <= valid_to::date
    union all
    select code, unit, sector, valid_to::date, 'overdue_cleared', load_id
    from {{ spans }} where state = 'processing' and due_at::date + 1 <= valid_to::date and valid_to < 'infinity'
{% endmacro %}
