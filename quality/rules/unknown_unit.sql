-- A unit that no list of units knows on the day of reception.
select
    s.staged_id,
    'unit_name' as field,
    s.unit_name as value
from landing.staged_row as s
where s.kind = 'dossiers'
    and not exists (
        select 1
        from core.source_province as p
        inner join core.unit_resolution as r
            on p.province_code = r.province_code and p.list_from = r.list_from
        where p.source = s.source and r.unit_name = s.unit_name and r.is_known
            and coalesce(s.received_at, s.submitted_at, s.exported_at) >= p.valid_from
            and coalesce(s.received_at, s.submitted_at, s.exported_at) < p.valid_to
    )
