-- grain: one rule set: what it makes of the period for all units of the report together (mart.definition_switch), and how
-- far its share on time lies from the one under ii06, in percentage points.
-- Parameters: date_from, date_to, known_at. Needs report_unit.
with summed as (
    select
        d.rule_set,
        cast(sum(d.resolved_timed) as bigint) as resolved_timed,
        cast(sum(d.resolved_in_time) as bigint) as resolved_in_time,
        cast(sum(d.pending_overdue) as bigint) as pending_overdue,
        sum(d.resolved_in_time) / nullif(sum(d.resolved_timed), 0) as share
    -- a period that begins after the last export ends where it begins
    from mart.definition_switch(:date_from, greatest(cast(:date_from as date), :date_to), cast(:known_at as timestamptz)) as d
    inner join report_unit as u on d.unit_code = u.unit_code and d.valid_from = u.valid_from
    group by d.rule_set
)

select
    s.rule_set,
    r.title_vi,
    r.title_en,
    s.resolved_timed,
    s.resolved_in_time,
    s.resolved_timed - s.resolved_in_time as resolved_late,
    s.pending_overdue,
    round(s.share, 6) as share,
    round(100 * (s.share - max(s.share) filter (where s.rule_set = 'ii06') over ()), 2) as moves
from summed as s
inner join core.rule_set as r on s.rule_set = r.rule_set
order by not r.is_stored, s.rule_set <> 'ii06', s.rule_set;
