-- Fees below zero or above a thousand million dong.
select
    staged_id,
    'fee_amount' as field,
    fee_amount::text as value
from landing.staged_row
where fee_amount < 0 or fee_amount > 1000000000
