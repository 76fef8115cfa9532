-- grain: one unit and sector with dossiers, received by the end of the period, of which the two portals say different
-- things; the same kinds as in mart.portal_disagreement. Parameters: date_to. Needs report_dossier, report_portal_kind.
select
    d.unit_no,
    d.sector_no,
    count(*) filter (where k.kind = 'missing_national') as missing_national,
    count(*) filter (where k.kind = 'missing_provincial') as missing_provincial,
    count(*) filter (where k.kind = 'status') as status,
    count(*) filter (where k.kind = 'due_date') as due_date
from report_dossier as d
cross join lateral unnest(d.portal_disagreements) as k (kind)
inner join report_portal_kind as c on k.kind = c.kind
where d.portal_disagreements <> '{}' and coalesce(d.received_at < cast(:date_to as date) + 1, true)
group by d.unit_no, d.sector_no
order by d.unit_no, d.sector_no;
