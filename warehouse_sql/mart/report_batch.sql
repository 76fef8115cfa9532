-- grain: one unit and one minute in which it finished at least `least` dossiers; the largest first. Ends without a time
-- of day (midnight) tell nothing. Parameters: least. Needs report_unit, report_finish.
with batch as (
    select f.unit_code, f.unit_valid_from, date_trunc('minute', f.ended_at) as minute_at
    from report_finish as f
    where cast(f.ended_at as time) > '00:00'
    group by f.unit_code, f.unit_valid_from, date_trunc('minute', f.ended_at)
    having count(*) >= :least
)

select
    u.page,
    u.unit_code,
    u.unit_name,
    b.minute_at,
    count(*) as dossiers,
    count(distinct f.ended_at) as instants,
    array_agg(f.dossier_code order by f.dossier_code) as dossier_codes
from batch as b
inner join report_unit as u on b.unit_code = u.unit_code and b.unit_valid_from = u.valid_from
inner join report_finish as f
    on b.unit_code = f.unit_code and b.unit_valid_from = f.unit_valid_from
    and b.minute_at = date_trunc('minute', f.ended_at)
group by u.page, u.unit_code, u.unit_name, b.minute_at
order by dossiers desc, minute_at asc, u.unit_code asc;
