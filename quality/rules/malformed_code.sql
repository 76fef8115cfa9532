-- A dossier code that is not {organisation code}-{day}-{serial}.
select
    staged_id,
    'dossier_code' as field,
    dossier_code as value
from landing.staged_row
where dossier_code !~ '^((\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(\.\d{2,3})*)-(\d{6}|\d{8})-(\d{4,7})$'
