-- grain: one dossier open at the end of the period, in one of two lists. kind `oldest`: all of them, the longest open first,
-- by working days. kind `due_next`: those in process that are due after the period's end and on or before the next working
-- day, the first due first; suspended ones have no clock that runs.
-- Parameters: most, most_of_one, most_of_cell, date_to. Needs report_open.
-- The first ones of all, of each unit, of each sector and of each unit's sector; in_cell: how many the last have.
with listed as (
    select
        k.kind,
        case k.kind when 'oldest' then o.received_at else o.due_at end as order_at,
        o.dossier_code,
        o.unit_no,
        o.sector_no,
        o.unit_code,
        o.unit_name,
        o.received_at,
        o.due_at,
        o.is_overdue,
        o.status,
        n.status_name_vi,
        n.status_name_en,
        cast(cut_off.working_day_number - r.working_day_number as bigint) as working_days_open
    from report_open as o
    left join core.dim_status as n on o.status = n.status
    left join core.dim_date as r on cast(o.received_at as date) = r.date
    inner join core.dim_date as cut_off on cut_off.date = :date_to
    cross join (select min(d.date) as next_on from core.dim_date as d where d.is_working_day and d.date > :date_to) as t
    cross join (values ('oldest'), ('due_next')) as k (kind)
    where case k.kind
        when 'oldest' then r.date is not null
        else o.state = 'processing' and cast(o.due_at as date) > :date_to and cast(o.due_at as date) <= t.next_on
    end
),

-- Nothing beyond the first :most of its cell can be among the first of anything: one sort, then small ones.
ranked as (
    select
        l.*,
        row_number() over (partition by l.kind, l.unit_no, l.sector_no order by l.order_at asc, l.dossier_code asc) as place_in_cell,
        count(*) over (partition by l.kind, l.unit_no, l.sector_no) as in_cell
    from listed as l
),

placed as (
    select
        r.*,
        row_number() over (partition by r.kind order by r.order_at asc, r.dossier_code asc) as place,
        row_number() over (partition by r.kind, r.unit_no order by r.order_at asc, r.dossier_code asc) as place_in_unit,
        row_number() over (partition by r.kind, r.sector_no order by r.order_at asc, r.dossier_code asc) as place_in_sector
    from ranked as r
    where r.place_in_cell <= :most
)

select p.*
from placed as p
where p.place <= :most or p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell
order by p.kind asc, p.place asc;
