"""How long something takes when some of it is not over yet: Kaplan–Meier quantiles of counted durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Half of them, and nine in ten, are over by then.
MEDIAN, NINETIETH = 0.5, 0.9


@dataclass(frozen=True)
class Durations:
    """Counted durations, rising: `ended[i]` lasted `values[i]` and ended, `still_open[i]` have lasted so long and go on."""

    values: Sequence[int]
    ended: Sequence[int]
    still_open: Sequence[int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.ended) + self.censored

    @property
    def censored(self) -> int:
        """How many are not over."""
        return sum(self.still_open)


def quantiles(durations: Durations, shares: Sequence[float] = (MEDIAN, NINETIETH)) -> tuple[int | None, ...]:
    """Returns the least duration by which at least each share is over, or None where the curve does not fall that far.

    Those that go on leave the curve where they were last seen: they took at least so long.
    """
    if durations.total == durations.censored:
        return tuple(None for _ in shares)
    ended, still_open = np.asarray(durations.ended), np.asarray(durations.still_open)
    left = np.cumsum((ended + still_open)[::-1])[::-1]
    over = 1.0 - np.cumprod(1.0 - ended / np.maximum(left, 1))
    quantiles: list[int | None] = []
    for share in shares:
        # a share that is reached but for the last digit is reached
        place = int(np.searchsorted(over, share - 1e-12))
        quantiles.append(durations.values[place] if place < len(over) else None)
    return tuple(quantiles)


def merged(parts: Sequence[Durations]) -> Durations:
    """Returns all of them together."""
    values, at = np.unique(np.concatenate([part.values for part in parts]), return_inverse=True)
    ended, still_open = (
        np.bincount(at, np.concatenate([getattr(part, name) for part in parts]), len(values)).astype(int)
        for name in ("ended", "still_open")
    )
    return Durations(values.tolist(), ended.tolist(), still_open.tolist())
