-- A dossier code of another province (Hxx) than the one its source speaks for, where the code of that is known.
select
    staged_id,
    'dossier_code' as field,
    dossier_code as value
from landing.staged_row
where kind = 'dossiers' and position('H' in dossier_code) > 0
    and source in (
        select p.source
        from core.source_province as p
        inner join core.organisation as g on p.province_code = g.unit_code and p.list_from = g.unit_valid_from
        where g.kind = 'province'
    )
    and (source, substring(dossier_code from position('H' in dossier_code) for 3)) not in (
        select p.source, g.organisation_code
        from core.source_province as p
        inner join core.organisation as g on p.province_code = g.unit_code and p.list_from = g.unit_valid_from
        where g.kind = 'province'
    )
    and translate(substring(dossier_code from position('H' in dossier_code) for 3), '0123456789', '') = 'H'
