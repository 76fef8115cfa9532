-- Rule set opencps: the statistics of OpenCPS, without their known defects. Instants are compared.
--   released (8, 9, 10): early before the half-day session that holds the due instant, on time up to it, late after it;
--     on time without one. A due instant outside both sessions (07:00, 13:30) belongs to the one last begun before it
--   cancelled (7): not timed
--   waiting for a supplement (5): no overdue test
--   open (2, 4, 6): overdue when the due instant is not after the cut-off: from the due day on
create function core.judge_opencps(span core.life_span)
returns core.judgement
language sql immutable
return row(
    case
        when (span).state in ('resolved', 'withdrawn') or ((span).status = 8 and (span).state <> 'vanished') then 'resolved'
        when (span).state = 'vanished' then 'vanished'
        else 'open'
    end,
    case
        when (span).state = 'withdrawn' then 'resolved_untimed'
        when (span).valid_from > (span).due_at then 'resolved_late'
        when (span).valid_from < (span).due_at::date + case
            when (span).due_at::time >= '13:30' then interval '13.5 hours'
            when (span).due_at::time >= '07:00' then interval '7 hours'
            else interval '-10.5 hours'
        end then 'resolved_early'
        else 'resolved_on_time'
    end,
    case when (span).status <> 5 then (span).due_at::date end
)::core.judgement;

comment on function core.judge_opencps(core.life_span) is
'Rule set opencps (statistics of OpenCPS, defects mended): instants are compared; early is before the half-day of the due instant; cancelled is not timed; 8 is released; 6 is open and can be overdue.';
