-- grain: one unit and one minute in which it finished many dossiers (report/finish_minute.sql); the largest first.
-- Needs report_unit, report_finish, report_finish_minute.
select
    u.unit_no,
    u.unit_code,
    u.unit_name,
    b.minute_at,
    count(*) as dossiers,
    count(distinct f.ended_at) as instants,
    array_agg(f.dossier_code order by f.dossier_code) as dossier_codes
from report_finish_minute as b
inner join report_unit as u on b.unit_key = u.unit_key
inner join report_finish as f on b.unit_key = f.unit_key and b.minute_at = date_trunc('minute', f.ended_at)
group by u.unit_no, u.unit_code, u.unit_name, b.minute_at
order by dossiers desc, minute_at asc, u.unit_code asc;
