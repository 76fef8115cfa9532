-- Every dossier, received by the end of the period, and one thing on which the last words of the two portals differ, into
-- report_list; kinds as in mart.portal_disagreement, those missing on a side last.
-- Parameters: date_to. Needs report_list, report_dossier, report_portal_kind.
insert into report_list (
    list, place, dossier_code, is_first, unit_key, unit_no, sector_no, procedure_key, received_at, due_at, kinds
)
select
    'portal',
    row_number() over (
        order by array_position(array['status', 'due_date', 'missing_national', 'missing_provincial'], k.kind), d.received_at, d.dossier_code
    ),
    d.dossier_code, k.n = 1, d.unit_key, d.unit_no, d.sector_no, d.procedure_key, d.received_at, d.due_at, array[k.kind]
from report_dossier as d
cross join lateral (
    select
        c.kind,
        row_number() over (order by c.kind) as n
    from report_portal_kind as c
    where c.kind = any(d.portal_disagreements)
) as k
-- asked of each row before what follows is worked out for it
where d.portal_disagreements && (select array_agg(c.kind) from report_portal_kind as c)
    and coalesce(d.received_at < cast(:date_to as date) + 1, true);
