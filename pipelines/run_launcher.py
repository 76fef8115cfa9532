"""Dagster's run launcher, which also knows whether the process of a run still lives.

Dagster's own launcher can't say, so its run monitoring would wait for a killed run for ever: the code server marks a
run whose process died, but not one that died together with the code server. Its runs are its children and end with it: in a
unit of systemd, in a container, in `motcua ui`.
"""

from __future__ import annotations

import time
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._grpc import CanCancelExecutionRequest
from dagster._grpc.types import CanCancelExecutionResult
from dagster._serdes import ConfigurableClassData, deserialize_value

from pipelines.liveness import TAG, is_alive

_SECONDS = 10
# What gRPC says where nobody listens. A server that is only slow to answer is not gone.
_NOBODY_THERE = "UNAVAILABLE"
# A code server that ended is started again, and then knows for sure; only it can start a killed run again.
_GONE_AFTER_SECONDS = 120


class WatchedRunLauncher(DefaultRunLauncher):
    """Launches runs by the code server, as Dagster does by default, and looks after them and after `motcua run`."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(inst_data)
        self._unanswered_since: dict[str, float] = {}

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Returns True: run monitoring asks `check_run_worker_health` of every run on its way."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Returns RUNNING while the process of the run lives or nobody can say, else NOT_FOUND."""
        if TAG in run.tags:
            return _health(is_alive(Path(run.tags[TAG])))
        client = self._get_grpc_client_for_termination(run.run_id)  # type: ignore[no-untyped-call]
        if client is None:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "not started by a code server")
        try:
            answer = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id), _SECONDS)
        except DagsterUserCodeUnreachableError as error:
            return _health(
                _NOBODY_THERE not in f"{error} {error.__cause__}" or self._may_answer_yet(run.run_id)
            )
        self._unanswered_since.pop(run.run_id, None)
        return _health(deserialize_value(answer, CanCancelExecutionResult).can_cancel)

    def _may_answer_yet(self, run_id: str) -> bool:
        since = self._unanswered_since.setdefault(run_id, time.monotonic())
        return time.monotonic() - since < _GONE_AFTER_SECONDS


def _health(lives: bool) -> CheckRunHealthResult:
    return CheckRunHealthResult(WorkerStatus.RUNNING if lives else WorkerStatus.NOT_FOUND)
