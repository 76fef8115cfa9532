-- grain: one change of one dossier that needs a look, out of what was known at a moment; first seen in or after the
-- period, of dossiers received by its end.
-- Parameters: date_from, date_to, known_at. Needs report_unit, report_dossier.
select
    e.dossier_code,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
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
from mart.edited_as_known(cast(:known_at as timestamptz)) as e
inner join report_dossier as d on e.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_key = u.unit_key
inner join landing.export_file as x on e.file_id = x.file_id
left join core.dim_status as o on e.old_status = o.status
left join core.dim_status as n on e.new_status = n.status
where e.first_seen_at >= :date_from and coalesce(d.received_at < cast(:date_to as date) + 1, true)
order by e.kind, u.place, e.dossier_code, e.source, e.first_seen_at, e.file_id, e.row_number;
