"""The executor of jobs whose steps run in workers: Dagster's for Celery, which asks again for a step that the broker lost.

A message may be lost where Redis or a worker stops in the very moment in which it goes from one to the other; Dagster would wait
for it for ever. Once nothing is queued or at work any more, what is still missing is handed out once more, under the same number:
a part done twice is staged once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import dagster as dg
from celery.result import AsyncResult
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.base import Executor
from dagster_celery.core_execution_loop import core_celery_execution_loop
from dagster_celery.executor import CELERY_CONFIG, CeleryExecutor, _submit_task
from redis import Redis
from redis.exceptions import RedisError

from pipelines.workers.broker import QUEUE

_IDLE_SECONDS = 10
_LOOK_SECONDS = 1


class _Queue:
    """What waits in the broker or is at work: for how long there has been nothing."""

    def __init__(self, address: str) -> None:
        self._client = Redis.from_url(address)
        self._looked_at = self._busy_at = time.monotonic()

    def idle_seconds(self) -> float:
        """Returns for how long nothing was queued or at work; 0 while the broker does not answer."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            if self._is_busy():
                self._busy_at = now
        return now - self._busy_at

    def sent(self) -> None:
        """Something was queued just now."""
        self._busy_at = time.monotonic()

    def _is_busy(self) -> bool:
        try:
            # Celery has a list for each priority, and a hash of what workers hold.
            queued = sum(
                int(self._client.llen(key)) for key in self._client.scan_iter(f"{QUEUE}*", _type="list")
            )
            return queued + int(self._client.hlen("unacked")) > 0
        except RedisError:
            return True


class _Asked:
    """A step handed out, as Dagster waits for it; `send` hands it out once more."""

    def __init__(self, queue: _Queue, send: Callable[[], AsyncResult]) -> None:
        self._queue, self._send = queue, send
        self._results = [send()]
        queue.sent()

    def ready(self) -> bool:
        """Returns whether it is done; hands it out again where the broker lost it."""
        if any(result.ready() for result in self._results):
            return True
        if self._queue.idle_seconds() > _IDLE_SECONDS:
            self._results.append(self._send())
            self._queue.sent()
        return False

    def get(self) -> list[str]:
        """Returns the events of the step."""
        events: list[str] = next(result for result in self._results if result.ready()).get()
        return events

    def revoke(self) -> None:
        """Takes it back."""
        for result in self._results:
            result.revoke()


class _WorkersExecutor(CeleryExecutor):
    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        queue = _Queue(self.broker)

        def hand_out(*what: Any) -> _Asked:
            return _Asked(queue, partial(_submit_task, *what))

        return core_celery_execution_loop(plan_context, execution_plan, hand_out)  # type: ignore[no-untyped-call, no-any-return]


@dg.executor(
    name="workers",
    config_schema=CELERY_CONFIG,
    requirements=dg.multiple_process_executor_requirements(),
)
def workers_executor(context: dg.InitExecutorContext) -> Executor:
    """Returns the executor for a configuration as that of `dagster_celery.celery_executor`."""
    given = context.executor_config
    return _WorkersExecutor(  # type: ignore[no-untyped-call]
        RetryMode.DISABLED, given["broker"], given["backend"], config_source=given["config_source"]
    )
