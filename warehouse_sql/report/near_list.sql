-- grain: one dossier of the report finished in the last working hour before it was due, or for which a supplement was
-- asked on the last working day before; the closest to it first. Parameters: most, most_of_one, most_of_cell. Needs report_near.
-- The first ones of all, of each unit, of each sector and of each unit's sector; in_cell: how many the last have.
with listed as (
    select
        n.dossier_code,
        n.unit_no,
        n.sector_no,
        n.unit_code,
        n.unit_name,
        n.kind,
        n.received_at,
        n.due_at,
        n.happened_at
    from report_near as n
    where n.kind in ('finish_before', 'pause') and n.unit_name is not null
),

-- Nothing beyond the first :most of its cell can be among the first of anything: one sort, then small ones.
ranked as (
    select
        l.*,
        row_number() over (partition by l.kind, l.unit_no, l.sector_no order by l.due_at - l.happened_at asc, l.due_at desc, l.dossier_code asc) as place_in_cell,
        count(*) over (partition by l.kind, l.unit_no, l.sector_no) as in_cell
    from listed as l
),

placed as (
    select
        r.*,
        row_number() over (partition by r.kind order by r.due_at - r.happened_at asc, r.due_at desc, r.dossier_code asc) as place,
        row_number() over (partition by r.kind, r.unit_no order by r.due_at - r.happened_at asc, r.due_at desc, r.dossier_code asc) as place_in_unit,
        row_number() over (partition by r.kind, r.sector_no order by r.due_at - r.happened_at asc, r.due_at desc, r.dossier_code asc) as place_in_sector
    from ranked as r
    where r.place_in_cell <= :most
)

select p.*
from placed as p
where p.place <= :most or p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell
order by p.kind asc, p.place asc;
