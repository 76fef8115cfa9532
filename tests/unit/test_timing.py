"""A unit beside the others: exact, careful with how many are compared, and silent where few tell nothing."""

from __future__ import annotations

from math import comb

import pytest

from assets.reports.reading.timing import Rate, compared_with_others


def _tail(hits: int, trials: int, share: float) -> float:
    return sum(comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits, trials + 1))


def test_each_unit_is_measured_by_all_others() -> None:
    first, two, three = compared_with_others(
        [Rate(1, 18, 20), Rate(2, 30, 60), Rate(3, 20, 40), Rate(None, 50, 100)]
    )
    assert (first.other_hits, first.other_trials, first.base) == (100, 200, 0.5)
    assert first.p_value == pytest.approx(_tail(18, 20, 0.5), rel=1e-9)
    assert two.p_value == pytest.approx(_tail(30, 60, 88 / 160), rel=1e-9)
    assert first.stands_out and not two.stands_out and not three.stands_out
    # Benjamini–Hochberg: the least of three times three, none above a larger one's
    assert first.adjusted == pytest.approx(3 * first.p_value, rel=1e-9)
    assert [row.unit_no for row in (first, two, three)] == [1, 2, 3], "all others are no row of their own"


def test_one_that_would_stand_out_alone_need_not_among_many() -> None:
    alone = compared_with_others([Rate(1, 15, 20), Rate(None, 500, 1000)])
    assert alone[0].stands_out
    many = compared_with_others(
        [Rate(1, 15, 20), *(Rate(n, 10, 20) for n in range(2, 40)), Rate(None, 500, 1000)]
    )
    assert not any(row.stands_out for row in many)
    assert many[0].p_value is not None and many[0].p_value < 0.05 < (many[0].adjusted or 0)


@pytest.mark.parametrize(
    ("rates", "even", "base"),
    [
        # the only unit there is: by what is even, or not at all
        ([Rate(1, 18, 20)], True, 0.5),
        ([Rate(1, 18, 20)], False, None),
        # others that are too few, or all alike, are no measure
        ([Rate(1, 18, 20), Rate(2, 5, 29)], False, None),
        ([Rate(1, 18, 20), Rate(2, 0, 400)], False, None),
        ([Rate(1, 18, 20), Rate(2, 0, 400)], True, 0.5),
    ],
)
def test_without_others_there_is_no_measure(rates: list[Rate], even: bool, base: float | None) -> None:
    actual = compared_with_others(rates, even)[0]
    assert actual.base == base
    assert (actual.p_value is None) == (base is None)


def test_too_few_are_not_compared() -> None:
    few, enough = compared_with_others([Rate(1, 9, 9), Rate(2, 10, 10), Rate(None, 500, 1000)])
    assert few.p_value is None and not few.stands_out
    assert enough.stands_out
