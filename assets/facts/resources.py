"""Folding as steps have it: where the buckets of a fold are worked on."""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.facts.buckets import FoldBuckets, fold_in_threads


@dataclass(frozen=True)
class Folding:
    """Who folds the buckets: threads of this process, unless workers are asked for."""

    fold_buckets: FoldBuckets = field(default=fold_in_threads, repr=False)
