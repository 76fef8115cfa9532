-- grain: one unit of today with something to count in the period; a unit without a successor stays what it is.
-- Form II.06 rolled into the units that took the old ones over. An old unit that went over whole is added exactly. Of a
-- unit that was divided nobody knows which dossier is whose now: its dossiers are apportioned by the weights of
-- core.unit_successor, whole ones, so that over its successors each figure and each total adds up to the old unit's,
-- and in each row received = resolved + pending still holds.
create function mart.form_ii06_successor(
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity'
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
    is_estimate boolean,
    estimated_from text []
)
language sql stable parallel safe
as $$
with
form as (
    select f.*, f.resolved_total - f.resolved_early - f.resolved_on_time - f.resolved_late as resolved_untimed
    from mart.form_ii06(
        form_ii06_successor.date_from, form_ii06_successor.date_to, form_ii06_successor.rule_set,
        form_ii06_successor.known_at, 'as_received'
    ) as f
),

-- An old unit with all of its successors, the default first.
successor as (
    select
        s.old_code,
        u.valid_from as old_valid_from,
        u.valid_to as new_valid_from,
        bool_and(s.is_full) as is_full,
        array_agg(s.new_code order by s.is_default desc, s.new_code) as new_codes,
        array_agg(s.weight order by s.is_default desc, s.new_code) as weights
    from core.unit_successor as s
    inner join core.dim_unit as u on s.old_code = u.unit_code and u.valid_to < '9999-12-31' and not u.is_inferred
    group by s.old_code, u.valid_from, u.valid_to
),

divided as (
    select
        f.unit_code,
        s.new_codes,
        s.new_valid_from,
        cardinality(s.new_codes) as k,
        core.apportion(array[f.received_online, f.received_direct_postal, f.carried_over], s.weights, t.totals) as received,
        core.apportion(
            array[
                f.resolved_early, f.resolved_on_time, f.resolved_late, f.resolved_untimed, f.pending_in_time,
                f.pending_overdue
            ],
            s.weights, t.totals
        ) as outcome
    from form as f
    inner join successor as s on f.unit_code = s.old_code and f.valid_from = s.old_valid_from and not s.is_full
    -- How many dossiers each successor gets: the same whether they are told apart by reception or by outcome.
    cross join lateral (select core.apportion(array[f.received_total], s.weights) as totals) as t
),

part as (
    select
        coalesce(s.new_codes[1], f.unit_code) as unit_code,
        coalesce(s.new_valid_from, f.valid_from) as valid_from,
        null as estimated_from,
        f.received_online,
        f.received_direct_postal,
        f.carried_over,
        f.resolved_early,
        f.resolved_on_time,
        f.resolved_late,
        f.resolved_untimed,
        f.pending_in_time,
        f.pending_overdue
    from form as f
    left join successor as s on f.unit_code = s.old_code and f.valid_from = s.old_valid_from
    where s.is_full is not false
    union all
    select
        n.new_code,
        d.new_valid_from,
        d.unit_code,
        d.received[n.j],
        d.received[d.k + n.j],
        d.received[2 * d.k + n.j],
        d.outcome[n.j],
        d.outcome[d.k + n.j],
        d.outcome[2 * d.k + n.j],
        d.outcome[3 * d.k + n.j],
        d.outcome[4 * d.k + n.j],
        d.outcome[5 * d.k + n.j]
    from divided as d
    cross join lateral unnest(d.new_codes) with ordinality as n (new_code, j)
),

-- sum() of bigint is numeric
rolled as (
    select
        p.unit_code,
        p.valid_from,
        sum(p.received_online)::bigint as online,
        sum(p.received_direct_postal)::bigint as direct_postal,
        sum(p.carried_over)::bigint as carried,
        sum(p.resolved_early)::bigint as early,
        sum(p.resolved_on_time)::bigint as on_time,
        sum(p.resolved_late)::bigint as late,
        sum(p.resolved_untimed)::bigint as untimed,
        sum(p.pending_in_time)::bigint as in_time,
        sum(p.pending_overdue)::bigint as overdue,
        coalesce(array_agg(p.estimated_from order by p.estimated_from) filter (where p.estimated_from is not null), '{}') as estimated_from
    from part as p
    group by p.unit_code, p.valid_from
)

select
    r.unit_code,
    u.unit_name,
    r.valid_from,
    r.online + r.direct_postal + r.carried,
    r.online,
    r.direct_postal,
    r.carried,
    r.early + r.on_time + r.late + r.untimed,
    r.early,
    r.on_time,
    r.late,
    r.in_time + r.overdue,
    r.in_time,
    r.overdue,
    r.estimated_from <> '{}',
    r.estimated_from
from rolled as r
inner join core.dim_unit as u on r.unit_code = u.unit_code and r.valid_from = u.valid_from
where (r.online <> 0 or r.direct_postal <> 0 or r.carried <> 0 or r.early <> 0 or r.on_time <> 0 or r.late <> 0
    or r.untimed <> 0)
    -- A login that is limited to units sees a divided unit whole; of its other parts it would see too little.
    and ((select ops.sees_every_unit()) or u.unit_key in (select v.unit_key from ops.visible_unit() as v))
order by r.unit_code, r.valid_from
$$;

comment on function mart.form_ii06_successor(date, date, text, timestamptz) is
'Form II.06 rolled into the units that took the old ones over on 1/7/2025: is_estimate marks rows with shares of divided units (estimated_from), by the weights of core.unit_successor. Over the successors of a divided unit each figure adds up to the unit''s own, and received_total = resolved_total + pending_total holds in each row. A unit without a successor stays what it is.';
