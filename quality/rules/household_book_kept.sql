-- A household-registration book among the papers of a dossier received since 2023, when the books ceased to hold.
select
    staged_id,
    'has_household_book' as field,
    received_at::date::text as value
from landing.staged_row
where has_household_book and received_at >= '2023-01-01'
