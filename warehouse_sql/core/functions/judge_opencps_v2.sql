-- Rule set opencps_v2: as the second version of the statistics of OpenCPS counts, its defects kept, for comparison only.
-- As opencps, but
--   without a due date: early (the first version: on time)
--   the afternoon of a due instant begins at 13:00, not 13:30 (the end's minute was taken for the start's)
--   a due instant outside both sessions (07:00-11:30, 13:00-17:00): early is before 00:00 of its day
-- Not kept: it leaves out what was released in the first and the last instant of the period.
create function core.judge_opencps_v2(span core.life_span)
returns core.judgement
language sql immutable
return row(
    (core.judge_opencps(span)).class,
    case
        when (span).state = 'withdrawn' then 'resolved_untimed'
        when (span).due_at is null then 'resolved_early'
        when (span).valid_from > (span).due_at then 'resolved_late'
        when (span).valid_from < (span).due_at::date + case
            when (span).due_at::time between '13:00' and '17:00' then interval '13 hours'
            when (span).due_at::time between '07:00' and '11:30' then interval '7 hours'
            else interval '0'
        end then 'resolved_early'
        else 'resolved_on_time'
    end,
    (core.judge_opencps(span)).overdue_on
)::core.judgement;

comment on function core.judge_opencps_v2(core.life_span) is
'Rule set opencps_v2 (second version of the statistics of OpenCPS, defects kept): as opencps, but without a due date is early, the afternoon begins at 13:00, and a due instant outside office hours counts from 00:00 of its day.';
