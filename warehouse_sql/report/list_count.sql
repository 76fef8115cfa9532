-- grain: one list of dossiers, unit, sector, procedure and kinds: how many rows it has of them, of how many dossiers, and the most
-- days. Needs report_unit, report_procedure, report_list.
with counted as (
    select
        l.list, l.unit_key, l.unit_no, l.sector_no, l.procedure_key, l.kinds,
        count(*) as listed,
        count(*) filter (where l.is_first) as dossiers,
        max(l.days) as longest
    from report_list as l
    group by l.list, l.unit_key, l.unit_no, l.sector_no, l.procedure_key, l.kinds
)

select
    c.list,
    c.unit_no,
    c.sector_no,
    u.unit_name,
    p.procedure_code,
    p.procedure_name,
    c.kinds,
    c.listed,
    c.dossiers,
    c.longest
from counted as c
inner join report_unit as u on c.unit_key = u.unit_key
left join report_procedure as p on c.procedure_key = p.procedure_key
order by c.list, u.place, c.sector_no, c.procedure_key, c.kinds;
