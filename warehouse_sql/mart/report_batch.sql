-- grain: one unit and one minute in which it finished at least `least` dossiers; the largest first. Ends without a time
-- of day (midnight) tell nothing. Parameters: least. Needs report_unit, report_finish.
select
    u.page,
    u.unit_code,
    u.unit_name,
    date_trunc('minute', f.ended_at) as minute_at,
    count(*) as dossiers,
    count(distinct f.ended_at) as instants,
    array_agg(f.dossier_code order by f.dossier_code) as dossier_codes
from report_finish as f
inner join report_unit as u on f.unit_code = u.unit_code and f.unit_valid_from = u.valid_from
where cast(f.ended_at as time) > '00:00'
group by u.page, u.unit_code, u.unit_name, date_trunc('minute', f.ended_at)
having count(*) >= :least
order by dossiers desc, minute_at asc, u.unit_code asc;
