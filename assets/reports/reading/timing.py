"""Rates that one unit has otherwise than the others: exact tests, with care for how many are tested at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.chances import at_least, benjamini_hochberg

#: Fewer in a unit say nothing; fewer in all others are no measure.
LEAST_TRIALS, LEAST_OTHERS = 10, 30
#: Share of false finds among those marked that is put up with (Benjamini–Hochberg).
FALSE_SHARE = 0.05


@dataclass(frozen=True)
class Rate:
    """`hits` of `trials` of one unit; `unit_no` is the unit, None for all that are not in the report."""

    unit_no: int | None
    hits: int
    trials: int


@dataclass(frozen=True)
class Judged:
    """A unit compared with the others: their share, how unlikely its own is under theirs, and the same for all at once.

    `base` and the two probabilities are None where too few tell anything.
    """

    unit_no: int
    hits: int
    trials: int
    other_hits: int
    other_trials: int
    base: float | None = None
    p_value: float | None = None
    adjusted: float | None = None

    @property
    def stands_out(self) -> bool:
        """More often than the others, and not by chance alone."""
        return self.adjusted is not None and self.adjusted < FALSE_SHARE


def compared_with_others(rates: Sequence[Rate], even: bool = False) -> list[Judged]:
    """Returns each unit of the report compared with all others, one-sided: more often than they.

    `even`: where the others are too few, what is even (one half) is the measure; else there is none.
    """
    hits, trials = (sum(getattr(rate, name) for rate in rates) for name in ("hits", "trials"))
    judged_units = [
        _judge(rate, hits - rate.hits, trials - rate.trials, even)
        for rate in rates
        if rate.unit_no is not None
    ]
    tested = [judged for judged in judged_units if judged.p_value is not None]
    if not tested:
        return judged_units
    adjusted = benjamini_hochberg(np.array([judged.p_value for judged in tested]), len(tested))
    by_unit = {judged.unit_no: float(value) for judged, value in zip(tested, adjusted, strict=True)}
    return [Judged(**{**vars(judged), "adjusted": by_unit.get(judged.unit_no)}) for judged in judged_units]


def _judge(rate: Rate, other_hits: int, other_trials: int, even: bool) -> Judged:
    assert rate.unit_no is not None
    base: float | None = None
    if other_trials >= LEAST_OTHERS and 0 < other_hits < other_trials:
        base = other_hits / other_trials
    elif even:
        base = 0.5
    p_value = None
    if base is not None and rate.trials >= LEAST_TRIALS:
        p_value = at_least(rate.hits, rate.trials, base)
    return Judged(rate.unit_no, rate.hits, rate.trials, other_hits, other_trials, base, p_value)
