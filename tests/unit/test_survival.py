"""Kaplan–Meier quantiles of counted durations: by hand, against the product of the definition, and put together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from assets.reports.reading.survival import MEDIAN, NINETIETH, Durations, merged, quantiles


def test_what_goes_on_is_not_left_out() -> None:
    """Ten of which six ended after 1 to 6 and four go on since 3: at 3 seven are left, and 4 of 10 is not half."""
    counted = Durations([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], [0, 0, 4, 0, 0, 0])
    # S: 9/10, 8/10, 7/10, then of three that are left 7/10·2/3, 7/10·1/3, 0
    assert quantiles(counted) == (4, 6)
    # without the four the half would be over at 3
    assert quantiles(Durations(counted.values, counted.ended, [0] * 6)) == (3, 6)
    assert (counted.total, counted.censored) == (10, 4)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Durations([8], [0], [5]), (None, None)),
        (Durations([8], [5], [0]), (8, 8)),
        # half of them is reached exactly; nine in ten is not
        (Durations([1, 9], [5, 0], [0, 5]), (1, None)),
        (Durations([1, 9], [9, 0], [0, 1]), (1, 1)),
        (Durations([0, 1], [1, 1], [0, 0]), (0, 1)),
        # seen last at the same moment as another ended: it was still there then
        (Durations([2, 5], [1, 1], [1, 0]), (5, 5)),
    ],
)
def test_quantiles_by_hand(counted: Durations, expected: tuple[int | None, int | None]) -> None:
    assert quantiles(counted) == expected


def _by_definition(counted: Durations, share: Fraction) -> int | None:
    left, survival = counted.total, Fraction(1)
    for value, ended, still_open in zip(counted.values, counted.ended, counted.still_open, strict=True):
        if ended:
            survival *= 1 - Fraction(ended, left)
        if 1 - survival >= share:
            return value
        left -= ended + still_open
    return None


@pytest.mark.parametrize("seed", range(40))
def test_quantiles_are_those_of_the_product_limit(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(1, 40))
    values = sorted(random.choice(200, size=size, replace=False).tolist())
    counted = Durations(values, random.integers(0, 6, size).tolist(), random.integers(0, 4, size).tolist())
    assert quantiles(counted) == tuple(
        _by_definition(counted, Fraction(share).limit_denominator(10)) for share in (MEDIAN, NINETIETH)
    )


def test_parts_together_are_the_whole() -> None:
    parts = [Durations([1, 4], [2, 1], [0, 1]), Durations([2, 4], [1, 1], [1, 0])]
    assert merged(parts) == Durations([1, 2, 4], [2, 1, 2], [0, 1, 1])
