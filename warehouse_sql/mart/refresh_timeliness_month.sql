-- The counts of form II.06 by month, again from the first month that changed, in both calendars.
-- Parameters: through (the horizon), covered (the horizon when they were summed last, null at first).
create temporary table cell_from on commit drop as
select
    c.unit_key, n.unit_code, n.valid_from as unit_valid_from, c.procedure_code, c.channel,
    min(c.date_from) as date_from
from (
    select
        unit_key, procedure_code, channel,
        -- what changed after a horizon that moved back was counted in its month
        case when :covered > cast(:through as date) then least(date_from, cast(:through as date)) else date_from end as date_from
    from mart.touched_cell
    union all
    -- ... as was all that comes between the two horizons
    select distinct e.unit_key, p.procedure_code, e.channel, cast(:through as date)
    from core.fct_dossier_event as e
    inner join core.dim_procedure as p on e.procedure_key = p.procedure_key
    where e.event_on > :through and e.event_on <= :covered
    union all
    -- a new day brings what was to come: due dates that pass ...
    select e.unit_key, p.procedure_code, e.channel, min(e.event_on)
    from core.fct_dossier_event as e
    inner join core.dim_procedure as p on e.procedure_key = p.procedure_key
    where e.event_on > :covered and e.event_on <= :through
    group by e.unit_key, p.procedure_code, e.channel
    union all
    -- ... and to every cell with something open the months that begin; where none does, no cell is read
    select distinct w.unit_key, t.procedure_code, t.channel, b.date
    from mart.timeliness_count as t
    inner join core.dim_unit as w on t.unit_code = w.unit_code and t.unit_valid_from = w.valid_from
    cross join (
        select min(d.date) as date, min(c.calendar_month) as month
        from core.dim_date as c
        inner join core.dim_date as d
            on c.date < d.date and d.date <= :through
            and (c.calendar_month < d.calendar_month or c.reporting_month < d.reporting_month)
        where c.date = :covered
        having count(*) > 0
    ) as b
    where t.pending_total > 0 and t.month >= b.month
) as c
inner join core.dim_unit as n on c.unit_key = n.unit_key
group by c.unit_key, n.unit_code, n.valid_from, c.procedure_code, c.channel
having min(c.date_from) <= :through;

analyze cell_from;

create temporary table month_from on commit drop as
select
    c.*,
    m.calendar,
    m.month as month_from
from cell_from as c
inner join core.dim_date as d on c.date_from = d.date
cross join lateral (values ('reporting', d.reporting_month), ('calendar', d.calendar_month)) as m (calendar, month);

analyze month_from;

-- From the first day of its months each cell is added up again, so that the days before cost nothing.
create temporary table cell_day on commit drop as
with month_day as (
    select 'reporting' as calendar, reporting_month as month, min(date) as first_on
    from core.dim_date
    group by reporting_month
    union all
    select 'calendar', calendar_month, min(date)
    from core.dim_date
    group by calendar_month
)

select m.unit_key, p.procedure_key, m.procedure_code, m.channel, min(d.first_on) as first_on
from month_from as m
inner join month_day as d on m.calendar = d.calendar and m.month_from = d.month
inner join core.dim_procedure as p on m.procedure_code = p.procedure_code
group by m.unit_key, p.procedure_key, m.procedure_code, m.channel;

analyze cell_day;

-- What each cell added by month and set of rule sets.
create temporary table cell_flow on commit drop as
select
    e.unit_key,
    e.procedure_code,
    e.channel,
    e.rule_sets,
    d.reporting_month,
    d.calendar_month,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'received'), 0) as integer) as received,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'resolved_early'), 0) as integer) as resolved_early,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'resolved_on_time'), 0) as integer) as resolved_on_time,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'resolved_late'), 0) as integer) as resolved_late,
    cast(coalesce(sum(e.quantity) filter (where e.kind = 'resolved_untimed'), 0) as integer) as resolved_untimed,
    cast(
        coalesce(sum(e.quantity) filter (where e.kind = 'became_overdue'), 0)
        - coalesce(sum(e.quantity) filter (where e.kind = 'overdue_cleared'), 0) as integer
    ) as overdue
from (
    -- Most cells change in this month or the last one. Where one day is given for all of them, the planner sees how few of
    -- their events come after it, and looks these up by key.
    select c.unit_key, c.procedure_code, c.channel, e.rule_sets, e.event_on, e.kind, e.quantity
    from cell_day as c
    inner join core.fct_dossier_event as e
        on c.unit_key = e.unit_key and c.procedure_key = e.procedure_key and c.channel = e.channel
        and c.first_on <= e.event_on and e.event_on <= :through
    where c.first_on >= cast(:through as date) - 62 and e.event_on >= cast(:through as date) - 62
    union all
    select c.unit_key, c.procedure_code, c.channel, e.rule_sets, e.event_on, e.kind, e.quantity
    from cell_day as c
    inner join core.fct_dossier_event as e
        on c.unit_key = e.unit_key and c.procedure_key = e.procedure_key and c.channel = e.channel
        and c.first_on <= e.event_on and e.event_on <= :through
    where c.first_on < cast(:through as date) - 62
) as e
inner join core.dim_date as d on e.event_on = d.date
group by e.unit_key, e.procedure_code, e.channel, e.rule_sets, d.reporting_month, d.calendar_month;

analyze cell_flow;

delete from mart.timeliness_count as t
using core.dim_date as d
where :covered > cast(:through as date) and d.date = :through
    and t.month > case t.calendar when 'reporting' then d.reporting_month else d.calendar_month end;

delete from mart.timeliness_count as t
using month_from as m
where (t.unit_code, t.unit_valid_from, t.procedure_code, t.channel, t.calendar)
    = (m.unit_code, m.unit_valid_from, m.procedure_code, m.channel, m.calendar)
    and t.month >= m.month_from;

-- A month that is not over ends with the horizon. The first month of a cell is there with or without a flow.
create temporary table month_flow on commit drop as
select
    f.unit_key, f.procedure_code, f.channel, f.bit, f.calendar, f.month,
    cast(sum(f.received) as integer) as received,
    cast(sum(f.resolved_early) as integer) as resolved_early,
    cast(sum(f.resolved_on_time) as integer) as resolved_on_time,
    cast(sum(f.resolved_late) as integer) as resolved_late,
    cast(sum(f.resolved_untimed) as integer) as resolved_untimed,
    cast(sum(f.overdue) as integer) as overdue
from (
    select
        m.unit_key, m.procedure_code, m.channel, r.bit, m.calendar, c.month,
        c.received, c.resolved_early, c.resolved_on_time, c.resolved_late, c.resolved_untimed, c.overdue
    from month_from as m
    inner join (
        select e.*, 'reporting' as calendar, e.reporting_month as month from cell_flow as e
        union all
        select e.*, 'calendar', e.calendar_month from cell_flow as e
    ) as c
        on m.unit_key = c.unit_key and m.procedure_code = c.procedure_code and m.channel = c.channel
        and m.calendar = c.calendar and m.month_from <= c.month
    inner join core.rule_set as r on r.is_stored and c.rule_sets & r.bit <> 0
    union all
    select m.unit_key, m.procedure_code, m.channel, r.bit, m.calendar, m.month_from, 0, 0, 0, 0, 0, 0
    from month_from as m
    cross join core.rule_set as r
    where r.is_stored
) as f
group by f.unit_key, f.procedure_code, f.channel, f.bit, f.calendar, f.month;

analyze month_flow;

insert into mart.timeliness_count (
    calendar, month, unit_code, unit_valid_from, unit_name, procedure_code, procedure_key, channel, rule_sets, received_total,
    received_online, received_direct_postal, carried_over, resolved_total, resolved_early, resolved_on_time,
    resolved_late, resolved_untimed, pending_total, pending_in_time, pending_overdue
)
with
-- A month without a row had nothing open at its end.
opening as (
    select m.unit_key, m.procedure_code, m.channel, m.calendar, b.rule_sets, b.pending_total, b.pending_overdue
    from month_from as m
    inner join mart.timeliness_count as b
        on (b.unit_code, b.unit_valid_from, b.procedure_code, b.channel, b.calendar, b.month)
        = (
            m.unit_code, m.unit_valid_from, m.procedure_code, m.channel, m.calendar,
            cast(m.month_from - interval '1 month' as date)
        )
),

changing as (
    select
        f.*,
        coalesce(o.pending_total, 0) + sum(
            f.received - f.resolved_early - f.resolved_on_time - f.resolved_late - f.resolved_untimed
        ) over w as pending_after,
        coalesce(o.pending_overdue, 0) + sum(f.overdue) over w as overdue_after,
        lead(f.month) over w as next_month
    from month_flow as f
    left join opening as o
        on f.unit_key = o.unit_key and f.procedure_code = o.procedure_code and f.channel = o.channel
        and f.calendar = o.calendar and o.rule_sets & f.bit <> 0
    window w as (partition by f.unit_key, f.procedure_code, f.channel, f.bit, f.calendar order by f.month)
),

-- What is open stays open through the months in which nothing happens; of a cell with nothing open these have no row.
running as (
    select
        c.unit_key, c.procedure_code, c.channel, c.bit, c.calendar,
        cast(m.month as date) as month,
        case when m.month = c.month then c.received else 0 end as received,
        case when m.month = c.month then c.resolved_early else 0 end as resolved_early,
        case when m.month = c.month then c.resolved_on_time else 0 end as resolved_on_time,
        case when m.month = c.month then c.resolved_late else 0 end as resolved_late,
        case when m.month = c.month then c.resolved_untimed else 0 end as resolved_untimed,
        c.pending_after as pending,
        c.overdue_after as overdue
    from changing as c
    inner join core.dim_date as d on d.date = :through
    cross join lateral generate_series(
        cast(c.month as timestamp),
        case
            when c.pending_after <= 0 then c.month
            when c.next_month is null
                then case c.calendar when 'reporting' then d.reporting_month else d.calendar_month end
            else c.next_month - interval '1 month'
        end,
        interval '1 month'
    ) as m (month)
)

-- Most months are the same under several rule sets: one row with the set of them.
select
    r.calendar,
    r.month,
    n.unit_code,
    n.valid_from,
    n.unit_name,
    r.procedure_code,
    p.procedure_key,
    r.channel,
    r.rule_sets,
    r.pending + r.resolved,
    case when c.is_online then r.received else 0 end,
    case when c.is_online then 0 else r.received end,
    -- what is open now and what was resolved, less what came: open at the start
    r.pending + r.resolved - r.received,
    r.resolved,
    r.resolved_early,
    r.resolved_on_time,
    r.resolved_late,
    r.resolved_untimed,
    r.pending,
    r.pending - r.overdue,
    r.overdue
from (
    select
        g.unit_key, g.procedure_code, g.channel, g.calendar, g.month,
        g.received, g.resolved_early, g.resolved_on_time, g.resolved_late, g.resolved_untimed, g.pending, g.overdue,
        bit_or(g.bit) as rule_sets,
        g.resolved_early + g.resolved_on_time + g.resolved_late + g.resolved_untimed as resolved
    from running as g
    -- Sums alone would hide what was taken back and made good in another column.
    where g.pending > 0 or g.received <> 0 or g.resolved_early <> 0 or g.resolved_on_time <> 0 or g.resolved_late <> 0
        or g.resolved_untimed <> 0
    group by
        g.unit_key, g.procedure_code, g.channel, g.calendar, g.month,
        g.received, g.resolved_early, g.resolved_on_time, g.resolved_late, g.resolved_untimed, g.pending, g.overdue
) as r
inner join core.dim_unit as n on r.unit_key = n.unit_key
inner join core.dim_procedure as p on r.procedure_code = p.procedure_code and p.is_last
inner join core.dim_channel as c on r.channel = c.channel
-- in the order of the key, so that its index is written from one end to the other
order by n.unit_code, n.valid_from, r.procedure_code, r.channel, r.calendar, r.month, r.rule_sets;
