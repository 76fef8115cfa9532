"""Folding as steps have it: where the buckets of a fold are worked on, and what is made of their facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assets.facts.buckets import FoldBuckets, fold_in_threads
from assets.facts.derive import SumUp
from assets.run_log import PartsEnded


@dataclass(frozen=True)
class Folding:
    """Who folds the buckets, threads of this process unless workers are asked for, and what sums are made of their facts."""

    sum_up: SumUp
    by_workers: Callable[[PartsEnded], FoldBuckets] | None = field(default=None, repr=False)

    def fold_buckets(self, ended: PartsEnded) -> FoldBuckets:
        """Returns what folds them; `ended` receives what that took of workers."""
        return self.by_workers(ended) if self.by_workers else fold_in_threads
