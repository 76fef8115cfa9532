-- grain: one change of one dossier that needs a look, of those that the report lists (report/shown.sql).
-- Needs report_edited, report_shown.
select
    e.dossier_code,
    e.unit_no,
    e.sector_no,
    e.unit_code,
    e.unit_name,
    e.source,
    e.kind,
    e.old_value,
    e.new_value,
    o.status_name_vi as old_status_vi,
    o.status_name_en as old_status_en,
    n.status_name_vi as new_status_vi,
    n.status_name_en as new_status_en,
    e.last_seen_before,
    e.first_seen_at,
    x.path as file,
    e.row_number
from report_edited as e
inner join report_shown as s on e.place = s.place and s.list = 'edited'
inner join landing.export_file as x on e.file_id = x.file_id
left join core.dim_status as o on e.old_status = o.status
left join core.dim_status as n on e.new_status = n.status
order by e.place;
