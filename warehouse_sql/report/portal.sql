-- grain: one dossier and one thing on which the last words of the two portals differ, of those that the report lists.
-- Parameters: known_at. Needs report_dossier, report_row.
select
    l.dossier_code,
    l.unit_no,
    l.sector_no,
    l.unit_code,
    l.unit_name,
    l.procedure_code,
    l.procedure_name,
    l.field_name,
    l.received_at,
    l.due_at,
    l.kinds[1] as kind,
    case when l.kinds[1] = 'status' then r.status_name_vi end as province_status_vi,
    case when l.kinds[1] = 'status' then r.status_name_en end as province_status_en,
    case when l.kinds[1] = 'status' then n.status_name_vi end as national_status_vi,
    case when l.kinds[1] = 'status' then n.status_name_en end as national_status_en,
    w.province_due_at,
    w.national_due_at
from report_row as l
-- what the portals state: looked up only where they differ in it
left join report_dossier as d on l.dossier_code = d.dossier_code and l.kinds[1] = 'status'
left join core.dim_status as r on d.province_status = r.status
left join core.dim_status as n on d.national_status = n.status
left join lateral (
    select
        (array_agg(t.due_at order by t.effective_from desc, t.priority asc, t.state_at desc, t.state_rank desc, t.file_rank desc)
            filter (where t.is_provincial))[1] as province_due_at,
        (array_agg(t.due_at order by t.effective_from desc, t.priority asc, t.state_at desc, t.state_rank desc, t.file_rank desc)
            filter (where not t.is_provincial))[1] as national_due_at
    from history.dossier_statement as t
    where l.kinds[1] = 'due_date' and t.dossier_code = l.dossier_code and t.known_from <= cast(:known_at as timestamptz)
) as w on true
where l.list = 'portal'
order by l.place;
