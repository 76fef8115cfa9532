-- grain: one dossier that is due within three working days of the last export, likeliest to go overdue first; nothing
-- where the report ends on another day or speaks of a past moment, or while the estimate does not beat the days left.
-- Parameters: most, most_of_one, most_of_cell, date_to, covered, known_at. Needs report_dossier.
-- The first ones of all, of each unit, of each sector and of each unit's sector; in_cell: how many the last have.
with listed as (
    select
        s.dossier_code,
        d.unit_no,
        d.sector_no,
        s.unit_name,
        s.due_at,
        s.working_days_left,
        s.probability
    from mart.due_soon as s
    inner join report_dossier as d on s.dossier_code = d.dossier_code
    where s.probability is not null and s.as_of = least(cast(:date_to as date), cast(:covered as date))
        and cast(:known_at as timestamptz) = 'infinity'
),

ranked as (
    select
        l.*,
        row_number() over (partition by l.unit_no, l.sector_no order by l.probability desc, l.due_at asc, l.dossier_code asc) as place_in_cell,
        count(*) over (partition by l.unit_no, l.sector_no) as in_cell
    from listed as l
),

placed as (
    select
        r.*,
        row_number() over (order by r.probability desc, r.due_at asc, r.dossier_code asc) as place,
        row_number() over (partition by r.unit_no order by r.probability desc, r.due_at asc, r.dossier_code asc) as place_in_unit,
        row_number() over (partition by r.sector_no order by r.probability desc, r.due_at asc, r.dossier_code asc) as place_in_sector
    from ranked as r
    where r.place_in_cell <= :most
)

select p.*
from placed as p
where p.place <= :most or p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell
order by p.place;
