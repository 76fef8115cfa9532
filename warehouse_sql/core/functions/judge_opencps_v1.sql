-- Rule set opencps_v1: as the first version of the statistics of OpenCPS counts, for comparison only.
-- As opencps, but early is any instant before the due instant (there is no half-day session): extendDate, which its
-- definition asks for, is set whenever a dossier is released early.
create function core.judge_opencps_v1(span core.life_span)
returns core.judgement
language sql immutable
return row(
    (core.judge_opencps(span)).class,
    case
        when (core.judge_opencps(span)).resolved_kind = 'resolved_on_time' and (span).valid_from < (span).due_at
            then 'resolved_early'
        else (core.judge_opencps(span)).resolved_kind
    end,
    (core.judge_opencps(span)).overdue_on
)::core.judgement;

comment on function core.judge_opencps_v1(core.life_span) is
'Rule set opencps_v1 (first version of the statistics of OpenCPS): as opencps, but early is any instant before the due instant.';
