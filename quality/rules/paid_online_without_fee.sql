-- Paid online, though the list of fees is there and asks for nothing.
select
    staged_id,
    'payment_online' as field,
    payment_online::text as value
from landing.staged_row
where payment_online in (1, 2, 3) and fee_amount = 0
