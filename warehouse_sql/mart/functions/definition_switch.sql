-- grain: one unit and one rule set.
-- The same period under every named definition, side by side: how far the share on time moves by the definition alone.
create function mart.definition_switch(date_from date, date_to date, known_at timestamptz default 'infinity')
returns table (
    unit_code text,
    unit_name text,
    valid_from date,
    rule_set text,
    resolved_timed bigint,
    resolved_in_time bigint,
    on_time_share numeric,
    pending bigint,
    pending_overdue bigint,
    moves numeric
)
language sql stable
as $$
with
form as materialized (
    select r.rule_set, f.*
    from core.rule_set as r
    cross join lateral mart.form_ii06(
        definition_switch.date_from, definition_switch.date_to, r.rule_set, definition_switch.known_at
    ) as f
),

-- A unit that has nothing to count under one of them still has a row for it.
counted as (
    select
        u.unit_code,
        u.unit_name,
        u.valid_from,
        r.rule_set,
        r.is_stored,
        coalesce(f.resolved_early + f.resolved_on_time + f.resolved_late, 0) as resolved_timed,
        coalesce(f.resolved_early + f.resolved_on_time, 0) as resolved_in_time,
        (f.resolved_early + f.resolved_on_time)::numeric
        / nullif(f.resolved_early + f.resolved_on_time + f.resolved_late, 0) as share,
        coalesce(f.pending_total, 0) as pending,
        coalesce(f.pending_overdue, 0) as pending_overdue
    from (select distinct form.unit_code, form.unit_name, form.valid_from from form) as u
    cross join core.rule_set as r
    left join form as f
        on u.unit_code = f.unit_code and u.valid_from = f.valid_from and r.rule_set = f.rule_set
)

select
    c.unit_code,
    c.unit_name,
    c.valid_from,
    c.rule_set,
    c.resolved_timed,
    c.resolved_in_time,
    round(c.share, 6),
    c.pending,
    c.pending_overdue,
    round(100 * (c.share - max(c.share) filter (where c.rule_set = 'ii06') over (partition by c.unit_code, c.valid_from)), 2)
from counted as c
order by c.unit_code, c.valid_from, not c.is_stored, c.rule_set <> 'ii06', c.rule_set
$$;

comment on function mart.definition_switch(date, date, timestamptz) is
'What each rule set makes of the same period, by unit: resolved_timed = resolved_in_time (early and on time) + late, on_time_share = resolved_in_time / resolved_timed (null when nothing is timed), and moves, how far that share is from the one under ii06, in percentage points.';
