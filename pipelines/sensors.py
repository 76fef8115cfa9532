"""Sensors: what looks at the clock and the outbox while no run is on its way.

No `from __future__ import annotations`: Dagster reads the annotations of sensors.
"""

from datetime import datetime, timedelta

import dagster as dg

from assets.alerts.resources import Notifier
from assets.run_log import mark_killed
from pipelines.jobs import daily_run, is_first_attempt, wide_run
from pipelines.notices import last_words
from pipelines.retention import delete_old_runs
from pipelines.settings import Settings
from warehouse_sql.resources import Warehouse, without_secrets

_SECONDS = 30
_NO_CHANNEL = "no channel: MOTCUA_NOTIFY and MOTCUA_NOTIFY_FILE are not set"


@dg.sensor(
    name="send_notices",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends what is left in the outbox, with pauses between the tries.",
)
@without_secrets
def send_notices(
    warehouse: dg.ResourceParam[Warehouse], notifier: dg.ResourceParam[Notifier]
) -> dg.SkipReason:
    """No run comes of it: there is nothing to materialise."""
    if not notifier.channels:
        return dg.SkipReason(_NO_CHANNEL)
    sent = notifier.send(warehouse.for_reading(), seconds=_SECONDS)
    return dg.SkipReason(
        f"{sent.sent} sent, {sent.failed} failed, {sent.given_up} given up, {sent.waiting} waiting"
    )


@dg.sensor(
    name="dead_man",
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells when no run ended well by 07:30 (MOTCUA_RUN_BY) of a working day, and when a source sends nothing.",
)
@without_secrets
def dead_man(warehouse: dg.ResourceParam[Warehouse], notifier: dg.ResourceParam[Notifier]) -> dg.SkipReason:
    """Apart from the run itself: a run that never starts can't tell of it."""
    if not notifier.channels:
        return dg.SkipReason(_NO_CHANNEL)
    if notifier.now().time() < notifier.by:
        return dg.SkipReason(f"not yet {notifier.by:%H:%M}")
    try:
        engine = warehouse.for_reading()
        written = notifier.watch_runs(engine) + notifier.watch_feeds(engine)
    except Exception as error:  # the warehouse is gone: that is what it is to tell of
        taken = notifier.warehouse_gone(last_words(error))
        return dg.SkipReason(f"warehouse out of reach; {taken} channels told")
    return dg.SkipReason(f"{written} notices written")


@dg.run_failure_sensor(
    name="run_failed",
    monitored_jobs=[daily_run, wide_run],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells of a run that failed without being able to say so itself: killed, or not started.",
)
@without_secrets
def run_failed(
    context: dg.RunFailureSensorContext,
    warehouse: dg.ResourceParam[Warehouse],
    notifier: dg.ResourceParam[Notifier],
) -> None:
    """First attempts only. A run whose step failed has notified it already, in the words of the error."""
    if not notifier.channels or not is_first_attempt(context.dagster_run):
        return
    if context.get_step_failure_events():
        return
    error = "Dagster báo lần chạy dừng ngoài các bước (bị ngắt hoặc không khởi động được)."
    notifier.run_failed(warehouse.for_reading, "DagsterRunFailure", error)


@dg.sensor(
    name="killed_runs",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Says in ops.run that a run was killed, once Dagster knows of it: whether Dagster started it or `motcua run`.",
)
@without_secrets
def killed_runs(
    context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.SensorResult | dg.SkipReason:
    """Asks the warehouse only after a new failure. A run whose step failed has written so itself."""
    failed = [
        record
        for job in (daily_run, wide_run)
        for record in context.instance.get_run_records(
            dg.RunsFilter(job_name=job.name, statuses=[dg.DagsterRunStatus.FAILURE]), limit=1
        )
    ]
    newest = max(failed, key=lambda record: record.storage_id).dagster_run if failed else None
    if newest is None or newest.run_id == context.cursor:
        return dg.SkipReason("no run failed since the last look")
    marked = mark_killed(warehouse.for_reading())
    return dg.SensorResult(skip_reason=f"{marked} runs marked as killed", cursor=newest.run_id)


@dg.sensor(
    name="old_runs",
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Deletes Dagster's records of runs that are older than 90 days (MOTCUA_RUNS_KEPT_DAYS).",
)
def old_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """What the runs made and ops.run stay."""
    before = datetime.now().astimezone() - timedelta(days=Settings().runs_kept_days)
    return dg.SkipReason(f"{delete_old_runs(context.instance, before)} runs deleted")
