-- What was finished or asked for close to a due instant, for all units: report_near. kind: finish_before and
-- finish_after, in the last working hour before the due instant (itself included) and in the first one after it;
-- pause, a supplement asked for in the last eight working hours before it; pause_other, any other one before it.
-- Due dates without a time of day (midnight) tell nothing about hours. Clock time counts office hours only, so that a
-- due instant at closing is set against the first hour of the next working day.
-- Needs report_unit, report_sector, report_procedure, report_finish, report_pause, report_clock, report_minute.
-- Makes report_near.
create temporary table report_near on commit drop as
with happened as (
    select
        f.dossier_code, f.unit_key, f.procedure_key, f.received_at, f.due_at,
        f.ended_at as happened_at, true as is_finish
    from report_finish as f
    -- working hours are never further apart than the longest run of days off
    where cast(f.due_at as date) between cast(f.ended_at as date) - 14 and cast(f.ended_at as date) + 14
    union all
    select
        p.dossier_code, p.unit_key, p.procedure_key, p.received_at, p.due_at, p.requested_at, false
    from report_pause as p
    where p.due_at >= p.requested_at
),

distant as (
    select
        h.*,
        b.worked_before + case when b.is_working_day then bm.worked else 0 end
        - e.worked_before - case when e.is_working_day then em.worked else 0 end as minutes_left
    from happened as h
    inner join report_clock as b on cast(h.due_at as date) = b.date
    inner join report_minute as bm on cast(date_trunc('minute', h.due_at) as time) = bm.minute
    inner join report_clock as e on cast(h.happened_at as date) = e.date
    inner join report_minute as em on cast(date_trunc('minute', h.happened_at) as time) = em.minute
    where cast(h.due_at as time) > '00:00'
        -- asked before the minutes are looked up: within an hour are only this working day and the next
        and (not h.is_finish or abs(b.worked_before - e.worked_before) <= 60 + (select max(m.worked) from report_minute as m))
)

select
    d.dossier_code,
    u.unit_code,
    u.unit_no,
    coalesce(p.sector_no, (select max(f.sector_no) from report_sector as f)) as sector_no,
    u.unit_name,
    d.received_at,
    d.due_at,
    d.happened_at,
    case
        when d.is_finish and d.happened_at <= d.due_at then 'finish_before'
        when d.is_finish then 'finish_after'
        when d.minutes_left <= 480 then 'pause'
        else 'pause_other'
    end as kind
from distant as d
left join report_unit as u on d.unit_key = u.unit_key
left join report_procedure as p on d.procedure_key = p.procedure_key
where not d.is_finish or abs(d.minutes_left) <= 60;

analyze report_near;
