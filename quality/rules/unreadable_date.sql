-- A date field that is neither empty nor a date in a style of its source; the reader names it.
select
    staged_id,
    unreadable_field as field,
    unreadable_value as value
from landing.staged_row
where unreadable_field is not null
