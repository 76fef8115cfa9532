-- Rule set opencps_v1: as the first version of the statistics of OpenCPS counts, for comparison only.
-- As opencps, but early is any instant before the due instant (there is no half-day session).
create function core.judge_opencps_v1(span core.life_span)
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
        when (span).valid_from < (span).due_at then 'resolved_early'
        else 'resolved_on_time'
    end,
    case when (span).status <> 5 then (span).due_at::date end
)::core.judgement;

comment on function core.judge_opencps_v1(core.life_span) is
'Rule set opencps_v1 (first version of the statistics of OpenCPS): as opencps, but early is any instant before the due instant.';
