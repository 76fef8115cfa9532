"""The sensor that starts a run when files have come, and when it does so again.

Here: which state of the landing zone deserves a run. Not here: which files wait (`assets/exports/waiting.py`), what a run does
with them. No `from __future__ import annotations`: Dagster reads the annotations of sensors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import dagster as dg
from dagster import DagsterRunStatus as Status

from assets.exports.intake import now
from assets.exports.landed import LandingError
from assets.exports.resources import Landing
from assets.exports.waiting import waiting_files
from assets.sources.canonical import READER_VERSION
from pipelines.jobs import TRY, daily_run
from warehouse_sql.masking import masked
from warehouse_sql.resources import Warehouse, without_secrets
from warehouse_sql.vietnam_time import VIETNAM

#: The tag of runs that this sensor started: the state of the landing zone that they are for.
STATE = "motcua/landing"
_UNDER_WAY = [Status.QUEUED, Status.NOT_STARTED, Status.STARTING, Status.STARTED, Status.CANCELING]
#: How long after a failed try the next one starts; after the last of them it is for the nightly run.
PAUSES = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))


@dataclass(frozen=True)
class Try:
    """A run for a state of the landing zone, and how it ended. `is_refused`: by the audit, which a repeat does not mend."""

    status: Status
    ended_at: datetime
    is_refused: bool = False


def why_not_again(tries: Sequence[Try], at: datetime) -> str | None:
    """Returns why no run is to be started for a state that had these tries, the newest last; None when one is to be."""
    if not tries:
        return None
    last = tries[-1]
    if last.status == Status.SUCCESS:
        return "a run left them where they are: they can't be opened or still change"
    if last.status == Status.CANCELED:
        return "a person stopped the run for them"
    if last.is_refused:
        return "the audit refused them: correct them or let them in with motcua run --accept"
    if len(tries) > len(PAUSES):
        return f"{len(tries)} runs for them failed: left to the nightly run"
    due_at = last.ended_at + PAUSES[len(tries) - 1]
    return f"the run for them failed: tried again at {due_at:%H:%M}" if at < due_at else None


@dg.sensor(
    name="new_exports",
    job=daily_run,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts a run when files have come and lay unchanged for a minute; after a failed run a few more, with pauses. A file"
        " that is exported again under its old name counts as new."
    ),
)
@without_secrets
def new_exports(
    context: dg.SensorEvaluationContext,
    warehouse: dg.ResourceParam[Warehouse],
    landing: dg.ResourceParam[Landing],
) -> dg.RunRequest | dg.SkipReason:
    """The cursor is the state of the look before: files that are still being put there change it."""
    runs = dg.RunsFilter(job_name=daily_run.name, statuses=_UNDER_WAY)
    if context.instance.get_runs_count(runs):
        return dg.SkipReason("a run is under way")
    try:
        waiting = waiting_files(warehouse.for_reading(), landing.zone(), landing.source_list())
    except LandingError as error:
        return dg.SkipReason(masked(str(error)))
    state, before = waiting.digest, context.cursor
    context.update_cursor(state)
    if not waiting.files:
        return dg.SkipReason("no new files")
    if state != before:
        return dg.SkipReason(f"new files: {len(waiting.files)}; looked at once more before they are taken in")
    tries = _tries(context.instance, state)
    why_not = why_not_again(tries, now())
    if why_not is not None:
        return dg.SkipReason(f"new files: {len(waiting.files)}; {why_not}")
    return dg.RunRequest(
        run_key=f"{state}-reader-{READER_VERSION}-try-{len(tries) + 1}",
        tags={STATE: state, TRY: str(len(tries) + 1), "motcua/sources": ", ".join(waiting.sources)},
    )


def _tries(instance: dg.DagsterInstance, state: str) -> list[Try]:
    """Returns the runs for that state, oldest first."""
    records = instance.get_run_records(dg.RunsFilter(tags={STATE: state}), ascending=True)
    return [
        Try(
            status=record.dagster_run.status,
            ended_at=datetime.fromtimestamp(
                record.end_time or record.update_timestamp.timestamp(), tz=VIETNAM
            ),
            is_refused=record.dagster_run.status == Status.FAILURE
            and _is_refused(instance, record.dagster_run),
        )
        for record in records
    ]


def _is_refused(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Returns True if a step stopped the run itself: it raised `Failure`, as it does after a failed audit."""
    records = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    events = [record.get_dagster_event() for record in records]
    return any(event.step_failure_data.user_failure_data is not None for event in events)
