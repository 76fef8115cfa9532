-- grain: the last run of the daily job.
select
    run_id,
    started_at,
    ended_at,
    status,
    files_read,
    files_failed,
    dossiers_derived,
    message
from ops.run
order by run_id desc
limit 1;
