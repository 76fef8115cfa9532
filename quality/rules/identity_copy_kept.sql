-- A copy of an identity card asked of someone whose account is verified.
select
    staged_id,
    'has_identity_copy' as field,
    received_at::date::text as value
from landing.staged_row
where has_identity_copy and is_identified
