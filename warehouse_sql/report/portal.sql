-- grain: one unit of the report with dossiers, received by the end of the period, of which the two portals say
-- different things; the same kinds as in mart.portal_disagreement. Parameters: date_to. Needs report_unit, report_dossier.
select
    u.unit_code,
    u.unit_name,
    count(*) filter (where k.kind = 'missing_national') as missing_national,
    count(*) filter (where k.kind = 'missing_provincial') as missing_provincial,
    count(*) filter (where k.kind = 'status') as status,
    count(*) filter (where k.kind = 'due_date') as due_date
from report_dossier as d
inner join report_unit as u on d.unit_key = u.unit_key
cross join lateral unnest(d.portal_disagreements) as k (kind)
where d.portal_disagreements <> '{}' and coalesce(d.received_at < cast(:date_to as date) + 1, true)
group by u.place, u.unit_code, u.unit_name
order by u.place;
