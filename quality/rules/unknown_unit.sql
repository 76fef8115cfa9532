-- A unit that no list of units knows on the day of reception, neither by its name nor by its desk's organisation code.
select
    s.staged_id,
    'unit_name' as field,
    s.unit_name as value
from landing.staged_row as s
inner join core.source_province as p
    on s.source = p.source
    and coalesce(s.received_at, s.submitted_at, s.exported_at) >= p.valid_from
    and coalesce(s.received_at, s.submitted_at, s.exported_at) < p.valid_to
left join core.unit_resolution as r
    on p.province_code = r.province_code and p.list_from = r.list_from and s.unit_name = r.unit_name
left join core.organisation as g
    on upper(regexp_replace(s.unit_code, '\s', '', 'g')) = g.organisation_code and g.kind in ('commune_desk', 'district_desk')
where s.kind = 'dossiers' and r.is_known is not true and g.organisation_code is null
