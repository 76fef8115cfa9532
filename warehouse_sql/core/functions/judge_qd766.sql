-- Rule set qd766: the national portal's rule for indicator 2.1 of QĐ 766/QĐ-TTg. Instants are compared.
--   ends (7, 8, 9, 10): on time when the end is not after the due instant, else late; early is the part of the on-time
--     ones that end on a day before the due day. The end of 9 and 10 takes the place of an earlier end of 8.
--   more than one supplement request (5): late, whatever the dates
--   waiting for a supplement (5): the request counts as the end: overdue only if it came after the due instant
--   open (2, 4, 6): the end of the report period stands for the end: overdue from the due day on
--   without a due date: limit_due_at, reception plus the procedure's limit plus the supplement time so far; where the
--     limit is not known either, on time
create function core.judge_qd766(span core.life_span, request_number bigint, limit_due_at timestamp)
returns core.judgement
language sql immutable
return row(
    case
        when (span).state in ('resolved', 'withdrawn') then 'resolved'
        when (span).state = 'vanished' then 'vanished'
        when (span).status = 8 then 'stopped'
        else 'open'
    end,
    case
        when request_number > 1 then 'resolved_late'
        when (span).valid_from > coalesce((span).due_at, limit_due_at) then 'resolved_late'
        when (span).valid_from::date < coalesce((span).due_at, limit_due_at)::date then 'resolved_early'
        else 'resolved_on_time'
    end,
    case
        when request_number > 1 then (span).valid_from::date
        when (span).status = 5 and (span).valid_from <= coalesce((span).due_at, limit_due_at) then null
        else coalesce((span).due_at, limit_due_at)::date
    end
)::core.judgement;

comment on function core.judge_qd766(core.life_span, bigint, timestamp) is
'Rule set qd766 (QĐ 766/QĐ-TTg, indicator 2.1): instants are compared; a stop (8) is an end; a supplement request counts as the end; more than one makes it late; open ones are judged by the end of the period.';
