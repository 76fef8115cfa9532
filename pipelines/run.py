"""The daily job in this process, with its records in Dagster's home: `motcua run` and the demo.

Here: starting it, and its result. Not here: what its steps do (`assets/`), when Dagster starts it by
itself (`schedules.py`). Dagster is imported only when a run starts: other commands need not wait for it.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from assets.exports.new_files_guess import few_seem_new
from pipelines.errors import print_trace, sentence
from quality.audit_process import AuditProcess
from warehouse_sql.messages import message
from warehouse_sql.quick_imports import quick_imports

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

    from assets.run_log import Intake, RunLog
    from pipelines.settings import Settings

_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_INTERRUPTS = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")


class RunStoppedError(RuntimeError):
    """The run was stopped by Dagster itself. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class RunResult:
    """What came of one run; `error` is one sentence, None when all went well."""

    intake: Intake
    dossiers_derived: int
    covered_through: date | None
    ok: bool
    error: str | None
    run_id: str
    is_stopped_by_gate: bool = False


def run_daily(
    settings: Settings,
    *,
    landing: str | None = None,
    arrived_when_exported: bool = False,
    accepted: Sequence[str] = (),
    workers: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
    waiting: Callable[[str], None] | None = None,
) -> RunResult:
    """Takes in every new file and brings everything up to date. Errors are in the result, not raised.

    `accepted` are blocking rules that a person lets through this time. `workers` are started for the time of the run, and read
    files and fold buckets in its place; 0 is a run in this process alone. `waiting` is called with a sentence whenever the
    run waits: for another run, or for what is out of reach.
    """
    auditing = AuditProcess()
    # Before this process imports Dagster: then the other one has Great Expectations when it is needed. A night without news
    # does without.
    if few_seem_new(landing or settings.landing_url, settings.archive):
        auditing.start()
    with quick_imports():
        from assets.run_log import RunLog  # noqa: PLC0415
        from pipelines.resources import resources_of  # noqa: PLC0415
        from quality.audit import AuditFailedError  # noqa: PLC0415

    log, run_id = RunLog(progress), ""
    try:
        resources = partial(
            resources_of,
            *(lambda: settings, lambda: log, landing, arrived_when_exported, accepted, waiting, auditing),
        )
        run_id = _execute(settings, log, resources, workers)
    except KeyboardInterrupt as error:
        log.fail(error, message("Lần chạy bị ngắt giữa chừng; lần sau sẽ làm tiếp."))
        raise
    except Exception as error:
        log.fail(error, sentence(error))
    finally:
        auditing.close()
    if log.error is not None:
        _notify_failure(settings, log.error, log.what_stays)
    if log.error is not None and settings.debug:
        print_trace(log.error)
    return RunResult(
        intake=log.intake,
        dossiers_derived=log.dossiers_derived or 0,
        covered_through=log.covered_through,
        ok=log.error is None,
        error=log.message,
        run_id=run_id,
        is_stopped_by_gate=isinstance(log.error, AuditFailedError),
    )


def _notify_failure(settings: Settings, error: BaseException, what_stays: str) -> None:
    """Whatever a notice of it meets, the reason of the failure is what is notified."""
    from pipelines.notices import notify_failure  # noqa: PLC0415
    from warehouse_sql.engine import open_engine  # noqa: PLC0415

    notifier = settings.notifier()
    with contextlib.suppress(Exception):
        notify_failure(notifier, lambda: open_engine(settings.url()), error, True, what_stays)


def _execute(settings: Settings, log: RunLog, resources: Callable[[], dict[str, Any]], workers: int) -> str:
    # Dagster's records import a library of templates. This module of it imports all of Pygments and is not needed.
    with quick_imports("mako.exceptions"):
        from pipelines.dagster_home import prepare_dagster_home  # noqa: PLC0415
        from pipelines.dagster_records import open_records  # noqa: PLC0415
        from pipelines.definitions import build_definitions  # noqa: PLC0415
        from pipelines.liveness import (  # noqa: PLC0415
            mark_killed_runs,
            remove_files_of_killed,
            shown_alive,
        )
        from pipelines.resources import WIDE_RUN  # noqa: PLC0415
        from pipelines.retention import delete_old_runs  # noqa: PLC0415

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    home = prepare_dagster_home(settings)
    with (
        warnings.catch_warnings(),
        open_records(home) as instance,
        shown_alive(home) as tags,
        _started(settings, workers),
    ):
        warnings.simplefilter("ignore")
        mark_killed_runs(instance)
        remove_files_of_killed(home)
        result = (
            build_definitions(resources(), settings.source_list())
            .resolve_job_def(WIDE_RUN if workers else "daily_run")
            .execute_in_process(instance=instance, run_config=_SILENT, tags=tags, raise_on_error=False)
        )
        delete_old_runs(instance, datetime.now().astimezone() - timedelta(days=settings.runs_kept_days))
    if not result.success and log.error is None:
        raise _stopped_outside_a_step(result)
    return result.run_id


def _started(settings: Settings, workers: int) -> AbstractContextManager[None]:
    if not workers:
        return contextlib.nullcontext()
    from pipelines.workers.local import local_workers  # noqa: PLC0415

    return local_workers(settings, workers)


def _stopped_outside_a_step(result: ExecuteInProcessResult) -> BaseException:
    """Why, where no step failed by itself: Ctrl+C or a kill, or Dagster's own trouble."""
    step_errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    step_errors += [event.job_failure_data.error for event in result.all_events if event.is_job_failure]
    errors = [error for error in step_errors if error is not None]
    if any(error.cls_name in _INTERRUPTS for error in errors):
        return KeyboardInterrupt()
    return RunStoppedError(
        message(
            "Dagster dừng lần chạy: {reason}; hãy xem các trang của Dagster (motcua ui).",
            reason=" ".join(errors[0].message.split()) if errors else message("không rõ lý do"),
        )
    )
