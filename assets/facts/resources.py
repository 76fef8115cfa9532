"""Folding as steps have it: where the buckets of a fold are worked on, and what is made of their facts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Thread

from sqlalchemy import Engine

from assets.facts.buckets import FoldBuckets
from assets.facts.derive import SumUp
from assets.facts.fold_processes import fold_here
from assets.run_log import PartsEnded


@dataclass(frozen=True)
class Folding:
    """Who folds the buckets, this machine unless workers are asked for, and what sums are made of their facts.

    `get_ready` prepares what later steps need. It begins once all buckets are folded, in a thread of its own, since this process
    then waits for the server, which publishes their facts. `go_ahead` makes what a later step asks for; it begins once they are
    published, while the steps in between check and show them. Where one of them fails, the step in need of it does.
    """

    sum_up: SumUp
    by_workers: Callable[[PartsEnded], FoldBuckets] | None = field(default=None, repr=False)
    get_ready: Callable[[], object] | None = field(default=None, repr=False)
    go_ahead: Callable[[Engine], object] | None = field(default=None, repr=False)

    def fold_buckets(self, ended: PartsEnded) -> FoldBuckets:
        """Returns what folds them; `ended` receives what that took of workers."""
        fold = self.by_workers(ended) if self.by_workers else fold_here

        def folded(engine: Engine, run_no: int, count: int) -> Iterator[int]:
            yield from fold(engine, run_no, count)
            if self.get_ready:
                _begin(self.get_ready)

        return folded

    def published(self, engine: Engine) -> None:
        """Begins what can be made ahead of the facts that have just been published."""
        if self.go_ahead:
            _begin(partial(self.go_ahead, engine))


def _begin(work: Callable[[], object]) -> None:
    def without_errors() -> None:
        with contextlib.suppress(Exception):
            work()

    Thread(target=without_errors, name="ahead").start()
