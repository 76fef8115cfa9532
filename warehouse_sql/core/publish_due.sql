-- Changes mart.daily_due by the difference that one fold makes. It runs before the facts of the folded dossiers are replaced.
-- Parameters: run_no. Needs folded_dossier, a temporary table of their codes.
-- A dossier counts by the promise in force when its due day begins (or when it is received, if later), finished or not: nothing
-- that is known only afterwards changes the number. Unit and sector are those under which it was counted as received, the same under
-- all rule sets.
insert into mart.daily_due as d (date, unit_key, sector_code, fell_due)
-- By their codes alone: with a condition on the kind, PostgreSQL 18 reads all events instead of looking up those of a few dossiers.
with event_before as materialized (
    select e.dossier_code, e.kind, e.event_on, e.received_on, e.quantity, e.unit_key, e.sector_code
    from core.fct_dossier_event as e
    inner join folded_dossier as f on e.dossier_code = f.dossier_code
)

select
    greatest(cast(c.due_at as date) + 1, c.received_on) as date,
    c.unit_key,
    c.sector_code,
    sum(c.change) as fell_due
from (
    select s.due_at, s.valid_from, s.valid_to, s.span_number, s.state, e.received_on, e.unit_key, e.sector_code, 1 as change
    from core.staged_fct_dossier_span as s
    inner join core.staged_fct_dossier_event as e on s.dossier_code = e.dossier_code
    where
        s.run_no = :run_no and e.run_no = :run_no and s.known_to = 'infinity' and e.known_to = 'infinity'
        and e.kind = 'received' and e.event_on = e.received_on and e.quantity > 0
    union all
    select s.due_at, s.valid_from, s.valid_to, s.span_number, s.state, e.received_on, e.unit_key, e.sector_code, -1
    from core.fct_dossier_span as s
    inner join event_before as e on s.dossier_code = e.dossier_code
    where e.kind = 'received' and e.event_on = e.received_on and e.quantity > 0
) as c
where
    c.due_at is not null and c.state in ('processing', 'resolved', 'withdrawn')
    and case
        when cast(c.due_at as date) > c.received_on
            then c.valid_from <= date_trunc('day', c.due_at) and date_trunc('day', c.due_at) < c.valid_to
        else c.span_number = 1
    end
group by 1, 2, 3
having sum(c.change) <> 0
order by 2, 1, 3
on conflict (unit_key, date, sector_code) do update set fell_due = d.fell_due + excluded.fell_due;

delete from mart.daily_due where fell_due = 0;
