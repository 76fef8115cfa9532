-- What is measured of a warehouse from outside (`motcua metrics`), in this order. Parameters: none.

-- grain: one row: how runs ended, and whether one is on its way.
select
    count(*) filter (where status = 'success') as success,
    count(*) filter (where status = 'failed') as failed,
    max(started_at) filter (where status = 'running') as running_since,
    max(ended_at) filter (where status = 'success') as last_success_at,
    (select mart.horizon()) as covered_through
from ops.run;

-- grain: the last run that is no longer on its way; none before the first.
select
    run_id,
    started_at,
    ended_at,
    status,
    files_read,
    files_failed,
    rows_read,
    bytes_read,
    dossiers_derived,
    peak_memory_bytes
from ops.run
where status <> 'running'
order by run_id desc
limit 1;

-- grain: one step of that run.
select
    step,
    seconds,
    row_count,
    written_bytes,
    peak_memory_bytes
from ops.run_step
where run_id = (select max(r.run_id) from ops.run as r where r.status <> 'running')
order by started_at, step;

-- grain: one state and severity of alerts that are open.
select
    state,
    severity,
    count(*) as alerts
from ops.alert
where state <> 'resolved'
group by state, severity
order by state, severity;

-- grain: one row: notices that did not go out, and those given up in the last 14 days.
select
    count(*) filter (where given_up_at is null) as waiting,
    count(*) filter (where given_up_at is not null) as given_up
from ops.notice
where sent_at is null and coalesce(given_up_at, now()) > now() - interval '14 days';

-- grain: one rule set, at the end of the last day covered.
select
    rule_set,
    sum(pending) as pending,
    sum(overdue_open) as overdue
from mart.overdue_stock
where date = (select mart.horizon())
group by rule_set
order by rule_set;
