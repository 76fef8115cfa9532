-- Rule set ii06: form II.06 as the ministry's reporting counts it. Dates are compared, not instants.
--   resolved (9, 10): early before the due date, on time on it or without one, late after it
--   withdrawn (7): resolved on time
--   suspended (5, 6, 8): waits, never overdue
--   open: overdue from the day after the due date; without one never
create function core.judge_ii06(span core.life_span)
returns core.judgement
language sql immutable
return row(
    case
        when (span).state in ('resolved', 'withdrawn') then 'resolved'
        when (span).state = 'vanished' then 'vanished'
        else 'open'
    end,
    case
        when (span).state = 'withdrawn' or (span).due_at is null then 'resolved_on_time'
        when (span).valid_from::date < (span).due_at::date then 'resolved_early'
        when (span).valid_from::date = (span).due_at::date then 'resolved_on_time'
        else 'resolved_late'
    end,
    case when (span).state = 'processing' then (span).due_at::date + 1 end
)::core.judgement;

comment on function core.judge_ii06(core.life_span) is
'Rule set ii06 (form II.06): dates are compared; withdrawn and without a due date count as on time; suspended is never overdue; overdue from the day after the due date.';
