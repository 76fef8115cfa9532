-- grain: one unit and figure of form II.06 that is not nought; totals are left out, they follow from the others.
create function mart.form_figure(
    date_from date, date_to date, rule_set text default 'ii06', known_at timestamptz default 'infinity'
)
returns table (unit_code text, unit_valid_from date, figure text, quantity bigint)
language sql stable parallel safe
as $$
select f.unit_code, f.valid_from, g.figure, g.quantity
from mart.form_ii06(form_figure.date_from, form_figure.date_to, form_figure.rule_set, form_figure.known_at) as f
cross join lateral (
    values
    ('received_online', f.received_online),
    ('received_direct_postal', f.received_direct_postal),
    ('carried_over', f.carried_over),
    ('resolved_early', f.resolved_early),
    ('resolved_on_time', f.resolved_on_time),
    ('resolved_late', f.resolved_late),
    ('pending_in_time', f.pending_in_time),
    ('pending_overdue', f.pending_overdue)
) as g (figure, quantity)
where g.quantity <> 0
$$;

comment on function mart.form_figure(date, date, text, timestamptz) is
'Form II.06 with one row for each unit and figure that is not nought, totals left out.';
