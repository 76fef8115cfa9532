-- A dossier code that is not {organisation code}-{day}-{serial}.
select
    staged_id,
    'dossier_code' as field,
    dossier_code as value
from landing.staged_row
where case
    -- Nearly all are of these shapes, which are recognised faster without an expression: no digit is left but 0.
    when translate(dossier_code, '123456789', '000000000') in (
        '000.00.00.H00-000000-0000', '000.00.00.H00-000000-00000', '000.00.00.H00-000000-000000', '000.00.00.H00-000000-0000000',
        'H00.000-000000-0000', 'H00.000-000000-00000', 'H00.000-000000-000000', 'H00.000-000000-0000000',
        'H00.00-000000-0000', 'H00.00-000000-00000', 'H00.00-000000-000000', 'H00.00-000000-0000000',
        'G00.00-00000000-0000000'
    ) then false
    else dossier_code !~ '^((\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(\.\d{2,3})*)-(\d{6}|\d{8})-(\d{4,7})$'
end
