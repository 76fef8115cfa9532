-- Which rows of report_list are read: the first :most_listed of each list; and for a choice of unit and sector on the page the
-- first ones of each unit, of each sector and of each unit's sector.
-- report_row: these rows, with the names of unit and procedure.
-- Parameters: most_listed, most_of_one, most_of_cell. Needs report_unit, report_procedure, report_list.
-- Makes report_shown, report_row.
analyze report_list;

create temporary table report_shown on commit drop as
-- Where the first of all are already as many of a cell as are read of it, the rest of it, nearly all of a long list, is not looked at.
with full_cell as (
    select l.list, l.unit_no, l.sector_no
    from report_list as l
    where l.place <= :most_listed
    group by l.list, l.unit_no, l.sector_no
    having count(*) >= greatest(cast(:most_of_one as bigint), :most_of_cell)
),

ranked as (
    select
        l.list, l.place, l.unit_no, l.sector_no,
        row_number() over (partition by l.unit_no, l.sector_no, l.list order by l.place) as place_in_cell
    from report_list as l
    left join full_cell as c on l.list = c.list and l.sector_no = c.sector_no and coalesce(l.unit_no, 0) = coalesce(c.unit_no, 0)
    where c.list is null or l.place <= :most_listed
),

-- What is not among the first of its cell is not among those of its unit or sector.
placed as (
    select
        r.list, r.place, r.place_in_cell,
        row_number() over (partition by r.unit_no, r.list order by r.place) as place_in_unit,
        row_number() over (partition by r.sector_no, r.list order by r.place) as place_in_sector
    from ranked as r
    where r.place_in_cell <= greatest(cast(:most_of_one as bigint), :most_of_cell)
)

select l.list, l.place
from report_list as l
where l.place <= :most_listed
union
select p.list, p.place
from placed as p
where p.place_in_unit <= :most_of_one or p.place_in_sector <= :most_of_one or p.place_in_cell <= :most_of_cell;

analyze report_shown;

create temporary table report_row on commit drop as
select
    l.*,
    u.unit_code,
    u.unit_name,
    p.procedure_code,
    p.procedure_name,
    p.field_name,
    p.valid_to as procedure_valid_to
from report_list as l
inner join report_shown as s on l.list = s.list and l.place = s.place
inner join report_unit as u on l.unit_key = u.unit_key
left join report_procedure as p on l.procedure_key = p.procedure_key;
