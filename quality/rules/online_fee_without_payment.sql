-- Online, with a fee, but without a word on how it was paid.
select
    staged_id,
    'payment_online' as field,
    null::text as value
from landing.staged_row
where channel = 2 and fee_amount > 0 and payment_online is null
