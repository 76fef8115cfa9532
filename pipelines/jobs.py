"""Jobs: what runs together."""

from __future__ import annotations

import dagster as dg

from assets.exports.assets import DOSSIER_VERSION
from pipelines.errors import sentence
from pipelines.notices import notify_failure
from pipelines.resources import WIDE_RUN
from pipelines.run_coordinator import WRITES
from pipelines.run_logger import logging_at
from pipelines.step_measures import record_step
from quality.resources import check_specs
from warehouse_sql.resources import original_of

#: The tag that numbers the runs which were started for the same files.
TRY = "motcua/try"
# Run again after a kill, a run begins with its first step, which takes the lock and opens the row of the run.
_FROM_THE_START = {"dagster/retry_strategy": "ALL_STEPS"}
_EXPORT_DAY = dg.AssetSelection.assets(["landing", "export_day"])
# The intake evaluates them when files came; planned, each would cost every run its time.
_AUDIT = dg.AssetSelection.checks(*(spec.key for spec in check_specs(DOSSIER_VERSION)))


@dg.failure_hook(required_resource_keys={"run", "warehouse", "notifier"})
def note_failure(context: dg.HookContext) -> None:
    """A step failed: ops.run says why, and a notice waits in the outbox unless this is a retry."""
    record_step(context, context.resources.run, is_success=False)
    error = original_of(context.op_exception or RuntimeError("?"))
    context.resources.run.fail(error, sentence(error))
    run = context.instance.get_run_by_id(context.run_id)
    if run is None or is_first_attempt(run):
        # The gate's reason is there before the failure that Dagster is given.
        log = context.resources.run
        notify_failure(
            context.resources.notifier,
            context.resources.warehouse.for_reading,
            log.error or error,
            what_stays=log.what_stays,
        )


@dg.success_hook(required_resource_keys={"run"})
def note_success(context: dg.HookContext) -> None:
    """A step ended well: ops.run_step says what it took."""
    record_step(context, context.resources.run, is_success=True)


def is_first_attempt(run: dg.DagsterRun) -> bool:
    """Neither a retry by Dagster, a further run for the same files nor a re-execution by a person."""
    is_first = "dagster/retry_number" not in run.tags and run.tags.get(TRY, "1") == "1"
    return is_first and run.parent_run_id is None


def _run(name: str, description: str) -> dg.UnresolvedAssetJobDefinition:
    """Returns a job of all steps of a run."""
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all() - _EXPORT_DAY - _AUDIT,
        description=description,
        config=logging_at(),
        hooks={note_failure, note_success},
        # As tags of the job, not of its runs: whoever launches it by GraphQL gives the latter themselves.
        tags=WRITES | _FROM_THE_START,
        executor_def=dg.in_process_executor,
    )


daily_run = _run(
    "daily_run", "Takes in every new file and brings everything up to date; running it again changes nothing."
)
wide_run = _run(
    WIDE_RUN,
    "The daily run with workers (motcua worker, here or on other machines): they read files and fold buckets.",
)

export_day = dg.define_asset_job(
    "export_day",
    selection=_EXPORT_DAY,
    description=(
        "Export days read again from the archive, and their accounts; any days at once as a backfill, which is one run. Started"
        " again after a kill, it goes on with the file it was at."
    ),
    config=logging_at(),
    tags=WRITES,
    executor_def=dg.in_process_executor,
)
