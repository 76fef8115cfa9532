"""The daily job in this process, with its records in Dagster's home: `motcua run` and the demo.

Here: starting it, and its result. Not here: what its steps do (`assets/`), when Dagster starts it by
itself (`schedules.py`). Dagster is imported only when a run starts: other commands need not wait for it.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import print_trace, sentence
from warehouse_sql.messages import message
from warehouse_sql.own_files import own_folder

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult

    from assets.run_log import Intake, RunLog
    from pipelines.settings import Settings

_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
# What the programs of a step print is not kept: nothing of citizens must end there.
_DAGSTER_YAML = """\
telemetry:
  enabled: false
nux:
  enabled: false
freshness:
  enabled: true
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""
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


def prepare_dagster_home(settings: Settings) -> Path:
    """Dagster's home with its settings, made if need be; settings that are there are kept."""
    home = own_folder(settings.dagster_home)
    file = home / "dagster.yaml"
    if not file.exists():
        file.write_text(_DAGSTER_YAML, encoding="utf-8")
    return home


def run_daily(
    settings: Settings,
    *,
    landing: str | None = None,
    arrived_when_exported: bool = False,
    accepted: Sequence[str] = (),
    progress: Callable[[str, int, int], None] | None = None,
) -> RunResult:
    """Takes in every new file and brings everything up to date. Errors are in the result, not raised.

    `accepted` are blocking rules that a person lets through this time.
    """
    from assets.run_log import RunLog  # noqa: PLC0415
    from quality.audit import AuditFailedError  # noqa: PLC0415

    log, run_id = RunLog(progress), ""
    try:
        run_id = _execute(settings, log, landing, arrived_when_exported, accepted)
    except KeyboardInterrupt as error:
        log.fail(error, message("Lần chạy bị ngắt giữa chừng; lần sau sẽ làm tiếp."))
        raise
    except Exception as error:
        log.fail(error, sentence(error))
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


def _execute(
    settings: Settings,
    log: RunLog,
    landing: str | None,
    arrived_when_exported: bool,
    accepted: Sequence[str],
) -> str:
    from pipelines.dagster_records import open_records  # noqa: PLC0415
    from pipelines.definitions import build_definitions  # noqa: PLC0415
    from pipelines.resources import resources_of  # noqa: PLC0415

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with (
        warnings.catch_warnings(),
        open_records(prepare_dagster_home(settings)) as instance,
    ):
        warnings.simplefilter("ignore")
        definitions = build_definitions(
            resources_of(lambda: settings, lambda: log, landing, arrived_when_exported, accepted),
            settings.source_list(),
        )
        result = definitions.resolve_job_def("daily_run").execute_in_process(
            instance=instance, run_config=_SILENT, raise_on_error=False
        )
    if not result.success and log.error is None:
        raise _stopped_outside_a_step(result)
    return result.run_id


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
