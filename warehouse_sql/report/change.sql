-- Changes of dossiers that need a look, out of what was known at a moment; first seen in or after the period, of dossiers
-- received by its end: report_edited. Parameters: date_from, date_to, known_at. Needs report_unit, report_dossier.
-- Makes report_edited.
create temporary table report_edited on commit drop as
select
    e.dossier_code,
    d.unit_key,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    e.source,
    e.kind,
    e.old_value,
    e.new_value,
    e.old_status,
    e.new_status,
    e.last_seen_before,
    e.first_seen_at,
    e.file_id,
    e.row_number,
    row_number() over (order by e.kind, u.place, e.dossier_code, e.source, e.first_seen_at, e.file_id, e.row_number) as place
from mart.edited_as_known(cast(:known_at as timestamptz)) as e
inner join report_dossier as d on e.dossier_code = d.dossier_code
inner join report_unit as u on d.unit_key = u.unit_key
where e.first_seen_at >= :date_from and coalesce(d.received_at < cast(:date_to as date) + 1, true);

analyze report_edited;
