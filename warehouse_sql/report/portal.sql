-- grain: one dossier, received by the end of the period, and one thing on which the last words of the two portals differ; kinds as
-- in mart.portal_disagreement, those missing on a side first. Parameters: date_to, known_at. Needs report_unit, report_dossier, report_portal_kind.
select
    d.dossier_code,
    d.unit_no,
    d.sector_no,
    u.unit_code,
    u.unit_name,
    d.procedure_code,
    d.procedure_name,
    d.field_name,
    d.received_at,
    d.due_at,
    k.kind,
    case when k.kind = 'status' then p.status_name_vi end as province_status_vi,
    case when k.kind = 'status' then p.status_name_en end as province_status_en,
    case when k.kind = 'status' then n.status_name_vi end as national_status_vi,
    case when k.kind = 'status' then n.status_name_en end as national_status_en,
    w.province_due_at,
    w.national_due_at
from report_dossier as d
cross join lateral unnest(d.portal_disagreements) as k (kind)
inner join report_portal_kind as c on k.kind = c.kind
inner join report_unit as u on d.unit_key = u.unit_key
left join core.dim_status as p on d.province_status = p.status
left join core.dim_status as n on d.national_status = n.status
-- the last words on the due date: looked up only where they differ
left join lateral (
    select
        (array_agg(s.due_at order by s.effective_from desc, s.priority asc, s.state_at desc, s.state_rank desc, s.file_rank desc)
            filter (where s.is_provincial))[1] as province_due_at,
        (array_agg(s.due_at order by s.effective_from desc, s.priority asc, s.state_at desc, s.state_rank desc, s.file_rank desc)
            filter (where not s.is_provincial))[1] as national_due_at
    from history.dossier_statement as s
    where k.kind = 'due_date' and s.dossier_code = d.dossier_code and s.known_from <= cast(:known_at as timestamptz)
) as w on true
where d.portal_disagreements <> '{}' and coalesce(d.received_at < cast(:date_to as date) + 1, true)
order by array_position(array['status', 'due_date', 'missing_national', 'missing_provincial'], k.kind), d.received_at, d.dossier_code;
