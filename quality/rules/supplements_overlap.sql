-- A supplement asked for while an earlier one is still waited for.
select
    s.staged_id,
    'supplements' as field,
    w.value
from landing.staged_row as s
cross join lateral (
    select min(n.next_requested_at)::text as value
    from (
        select
            x.resumed_at,
            lead(x.requested_at) over (order by x.requested_at, x.resumed_at, x.due_before, x.due_after) as next_requested_at
        from jsonb_to_recordset(s.supplements) as x (requested_at timestamp, resumed_at timestamp, due_before timestamp, due_after timestamp)
    ) as n
    where n.next_requested_at < coalesce(n.resumed_at, 'infinity')
) as w
where s.supplements <> '[]' and w.value is not null
