-- grain: one dossier in process that is due after the period's end and on or before the next working day; the first
-- due first. Suspended ones have no clock that runs. Parameters: most, most_of_one, most_of_cell, date_to. Needs report_open.
-- The first ones of all, of each unit, of each sector and of each unit's sector; in_cell: how many the last have.
with listed as (
    select
        o.dossier_code,
        o.unit_no,
        o.sector_no,
        o.unit_code,
        o.unit_name,
        o.received_at,
        o.due_at,
        o.status,
        n.status_name_vi,
        n.status_name_en,
        t.next_on
    from report_open as o
    left join core.dim_status as n on o.status = n.status
    cross join (select min(d.date) as next_on from core.dim_date as d where d.is_working_day and d.date > :date_to) as t
    where o.state = 'processing' and cast(o.due_at as date) > :date_to and cast(o.due_at as date) <= t.next_on
),

-- Nothing beyond the first :most of its cell can be among the first of anything: one sort, then small ones.
ranked as (
    select
        l.*,
        row_number() over (partition by l.unit_no, l.sector_no order by l.due_at asc, l.dossier_code asc) as place_in_cell,
        count(*) over (partition by l.unit_no, l.sector_no) as in_cell
    from listed as l
),

placed as (
    select
        r.*,
        row_number() over (order by r.due_at asc, r.dossier_code asc) as place,
        row_number() over (partition by r.unit_no order by r.due_at asc, r.dossier_code asc) as place_in_unit,
        row_number() over (partition by r.sector_no order by r.due_at asc, r.dossier_code asc) as place_in_sector
    from ranked as r
    where r.place_in_cell <= :most
)

select p.*
from placed as p
where p.place <= :most or p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell
order by p.place;
