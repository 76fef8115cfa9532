-- grain: one unit with something to count in the period. Form II.06 with marks of what its figures rest on.
create function mart.form_ii06_marked(
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity',
    unit_view text default 'as_received'
)
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    received_total bigint,
    received_online bigint,
    received_direct_postal bigint,
    carried_over bigint,
    resolved_total bigint,
    resolved_early bigint,
    resolved_on_time bigint,
    resolved_late bigint,
    pending_total bigint,
    pending_in_time bigint,
    pending_overdue bigint,
    incomplete_feeds text [],
    counted_to date
)
language sql stable parallel safe
as $$
select f.*, m.incomplete_feeds, least(form_ii06_marked.date_to, (select mart.horizon(form_ii06_marked.known_at)))
from mart.form_ii06(
    form_ii06_marked.date_from, form_ii06_marked.date_to, form_ii06_marked.rule_set, form_ii06_marked.known_at,
    form_ii06_marked.unit_view
) as f
cross join mart.incomplete_feeds(
    form_ii06_marked.date_from, form_ii06_marked.date_to, form_ii06_marked.known_at
) as m (incomplete_feeds)
order by f.unit_code, f.valid_from
$$;

comment on function mart.form_ii06_marked(date, date, text, timestamptz, text) is
'mart.form_ii06 with incomplete_feeds: the export days of the period that are not complete, as known at known_at (mart.incomplete_feeds), the same in every row; null when all are complete; and counted_to, the last day counted: the end of the period, or mart.horizon(known_at) where that is before it.';
