-- grain: one dossier received in the period whose attached papers name one that may not be asked for any more; the
-- latest first. Parameters: most, most_of_one, most_of_cell, date_from, date_to. Needs report_unit, report_dossier.
-- The first ones of all, of each unit, of each sector and of each unit's sector; in_cell: how many the last have.
with listed as (
    select
        d.dossier_code,
        d.unit_no,
        d.sector_no,
        d.unit_key,
        d.received_at,
        d.has_household_book,
        d.has_identity_copy
    from report_dossier as d
    where d.is_counted and (d.has_household_book or d.has_identity_copy)
        and d.received_at >= :date_from and d.received_at < cast(:date_to as date) + 1
        and coalesce(d.vanished_at >= cast(:date_to as date) + 1, true)
),

-- Nothing beyond the first :most of its cell can be among the first of anything: one sort, then small ones.
ranked as (
    select
        l.*,
        row_number() over (partition by l.unit_no, l.sector_no order by l.received_at desc, l.dossier_code asc) as place_in_cell,
        count(*) over (partition by l.unit_no, l.sector_no) as in_cell
    from listed as l
),

placed as (
    select
        r.*,
        row_number() over (order by r.received_at desc, r.dossier_code asc) as place,
        row_number() over (partition by r.unit_no order by r.received_at desc, r.dossier_code asc) as place_in_unit,
        row_number() over (partition by r.sector_no order by r.received_at desc, r.dossier_code asc) as place_in_sector
    from ranked as r
    where r.place_in_cell <= :most
)

select
    p.dossier_code,
    p.unit_no,
    p.sector_no,
    u.unit_code,
    u.valid_from as unit_valid_from,
    u.unit_name,
    p.received_at,
    p.has_household_book,
    p.has_identity_copy,
    p.place,
    p.place_in_unit,
    p.place_in_sector,
    p.place_in_cell,
    p.in_cell
from placed as p
inner join report_unit as u on p.unit_key = u.unit_key
where p.place <= :most or p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell
order by p.place;
