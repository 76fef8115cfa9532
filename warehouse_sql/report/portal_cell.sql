-- grain: one unit and sector with dossiers, received by the end of the period, of which the two portals say different
-- things; the same kinds as in mart.portal_disagreement. Needs report_list.
select
    l.unit_no,
    l.sector_no,
    count(*) filter (where l.kinds[1] = 'missing_national') as missing_national,
    count(*) filter (where l.kinds[1] = 'missing_provincial') as missing_provincial,
    count(*) filter (where l.kinds[1] = 'status') as status,
    count(*) filter (where l.kinds[1] = 'due_date') as due_date
from report_list as l
where l.list = 'portal'
group by l.unit_no, l.sector_no
order by l.unit_no, l.sector_no;
