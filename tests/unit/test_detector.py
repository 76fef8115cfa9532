"""The detector: what it must see, what it must leave alone, and what may not change what it says."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from assets.alerts.detector import Judged, judge, judge_days, stock_signals
from assets.alerts.series import Days, Key, Series, Stock
from assets.alerts.settings import DEFAULTS
from assets.alerts.signal import Signal
from assets.chances import benjamini_hochberg, mid_p
from pipelines.simulator.flows import working_days

Ints = NDArray[np.int64]

_DAYS = working_days(date(2023, 2, 1), date(2023, 9, 29))  # 171 working days


@pytest.fixture(autouse=True)
def _strict() -> object:
    with np.errstate(all="raise", under="ignore"):
        yield


def _units(count: int) -> tuple[Key, ...]:
    return tuple(Key("unit", f"{place:05}", f"Xã {place}", "89") for place in range(count))


def _draw(seed: int, count: int, level: float, days: Days = _DAYS, due: float = 20.0) -> Series:
    """Units of one level: Poisson counts of a known share of what falls due."""
    rng = np.random.default_rng(seed)
    falling = rng.poisson(due, (count, len(days.day)))
    return Series(
        _units(count),
        days,
        rng.poisson(falling * level / due).astype(np.int32),
        falling.astype(np.int32),
    )


def _with(series: Series, place: int, days: slice, more: int) -> Series:
    newly = series.newly.copy()
    newly[place, days] += more
    return replace(series, newly=newly)


def _alarms(series: Series, first: int = 0) -> dict[str, list[int]]:
    """Places of the days of alarm by unit code."""
    result: dict[str, list[int]] = {}
    for judged in judge_days(series):
        if judged.place >= first:
            for place in judged.series[judged.is_alarm]:
                result.setdefault(series.keys[place].unit_code, []).append(judged.place)
    return result


def _on(series: Series, place: int) -> list[Signal]:
    return judge(series, series.days.day[place])


@given(
    count=st.integers(0, 3000),
    mean=st.floats(0.01, 2000.0),
    inflation=st.floats(1.01, 50.0),
)
def test_mid_p_is_that_of_the_negative_binomial(count: int, mean: float, inflation: float) -> None:
    size = mean / (inflation - 1.0)
    known = stats.nbinom(size, size / (size + mean))
    expected = known.sf(count) + known.pmf(count) / 2
    (actual,) = mid_p(np.array([float(count)]), np.array([mean]), np.array([mean * inflation]))
    assert actual == pytest.approx(expected, rel=1e-5, abs=1e-10)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=50), st.integers(0, 40))
def test_q_values_are_those_of_benjamini_and_hochberg(known: list[float], others: int) -> None:
    p = np.array(known)
    expected = stats.false_discovery_control(np.concatenate([p, np.ones(others)]))[: len(p)]
    assert benjamini_hochberg(p, len(p) + others) == pytest.approx(expected)


def test_days_of_nothing_say_nothing() -> None:
    none = np.zeros((5, len(_DAYS.day)), np.int32)
    assert _alarms(Series(_units(5), _DAYS, none, none)) == {}
    assert _alarms(Series((), _DAYS, none[:0], none[:0])) == {}


def test_a_day_that_is_not_judged_has_no_signals() -> None:
    assert judge(_draw(1, 5, 1.0), date(2023, 2, 4)) == []


def test_a_spike_is_a_signal_with_what_was_seen_and_what_was_usual() -> None:
    series = _with(_draw(1, 30, 1.0), 7, slice(150, 155), 4)
    alarms = _alarms(series, 145)
    assert "00007" in alarms and alarms["00007"][0] <= 151
    (signal,) = [signal for signal in _on(series, 154) if signal.unit_code == "00007"]
    assert (signal.kind, signal.unit_name, signal.window_days) == ("unit", "Xã 7", 5)
    assert signal.observed == float(series.newly[7, 150:155].sum())
    assert 2.0 < signal.expected < 9.0
    assert signal.p_value is not None and signal.p_value < 1e-4
    assert signal.q_value is not None and signal.q_value < 1e-2
    assert signal.severity == "critical"


def test_one_day_of_many_is_seen_on_that_day() -> None:
    series = _with(_draw(2, 30, 1.0), 3, slice(150, 151), 12)
    (signal,) = [signal for signal in _on(series, 150) if signal.unit_code == "00003"]
    assert signal.window_days == 1 and signal.observed == float(series.newly[3, 150])


def test_two_cases_are_never_an_alarm() -> None:
    quiet = _draw(3, 30, 0.001)
    newly = np.zeros_like(quiet.newly)
    newly[4, 160] = 2
    assert _alarms(replace(quiet, newly=newly)) == {}


def test_more_dossiers_due_are_no_spike_by_themselves() -> None:
    """Five days on which five times as many fall due, and the usual share of them is late."""
    series = _draw(4, 30, 2.0)
    newly, due = series.newly.copy(), series.due.copy()
    due[5, 150:155] = 100
    newly[5, 150:155] = (8, 12, 10, 9, 11)
    assert "00005" not in _alarms(replace(series, newly=newly, due=due), 145)
    # The same without the promises known is one.
    assert "00005" in _alarms(replace(series, newly=newly), 145)


def test_a_batch_day_is_judged_by_its_size_and_teaches_little() -> None:
    series = _draw(5, 30, 1.0)
    newly, due = series.newly.copy(), series.due.copy()
    due[6, 100] = 5000
    newly[6, 100] = 240  # 5 % of 5,000 is 250
    alarms = _alarms(replace(series, newly=newly, due=due), 90)
    assert "00006" not in alarms
    # A batch of which nothing is late does not make the usual days after it look unusual.
    newly[6, 100] = 0
    assert "00006" not in _alarms(replace(series, newly=newly, due=due), 90)
    # Five thousand late of twenty that were due: p-values may vanish, nothing else breaks.
    newly[6, 100], due[6, 100] = 5000, 20
    (signal,) = [s for s in _on(replace(series, newly=newly, due=due), 100) if s.unit_code == "00006"]
    assert signal.p_value == pytest.approx(0.0, abs=1e-9) and signal.severity == "critical"


def test_what_was_an_alarm_hides_no_later_one_and_a_lasting_level_is_believed() -> None:
    first = _with(_draw(6, 30, 1.0), 8, slice(90, 95), 5)
    again = _with(first, 8, slice(115, 120), 5)
    assert any(115 <= day < 120 for day in _alarms(again)["00008"])
    lasting = _with(_draw(6, 30, 1.0), 8, slice(80, None), 3)
    days = _alarms(lasting)["00008"]
    assert 80 <= days[0] <= 84
    assert days[-1] < 150


def test_a_slip_of_the_whole_province_is_reported_of_the_province() -> None:
    """Every unit slips: one notice, not one for each."""
    series = _draw(7, 40, 1.0)
    newly = series.newly.copy()
    newly[:, 150:155] = np.random.default_rng(7).poisson(3.0, (40, 5))
    keys = (*series.keys, Key("province", "89", "Tỉnh An Giang", "89"))
    whole = Series(
        keys,
        series.days,
        np.vstack([newly, newly.sum(axis=0, dtype=np.int32)[None]]),
        np.vstack([series.due, series.due.sum(axis=0, dtype=np.int32)[None]]),
    )
    kinds = [signal.kind for signal in _on(whole, 154)]
    assert kinds[0] == "province"
    assert kinds.count("unit") <= 2


def test_a_new_unit_borrows_from_its_province_and_is_judged_when_something_is_known() -> None:
    series = _draw(8, 30, 1.0)
    newly, due = series.newly.copy(), series.due.copy()
    newly[9, :120], due[9, :120] = 0, 0
    usual = replace(series, newly=newly, due=due)
    assert "00009" not in _alarms(usual, 115)
    assert "00009" in _alarms(_with(usual, 9, slice(135, 140), 4), 135)


def test_units_of_a_reform_are_judged_once_their_list_has_a_level() -> None:
    """The list since 1/7/2025: nothing before, three weeks of silence, then as any other."""
    days = working_days(date(2025, 2, 3), date(2025, 10, 31))
    reform = next(place for place, day in enumerate(days.day) if day >= date(2025, 7, 1))
    old, new = _draw(9, 20, 1.0, days), _draw(10, 20, 1.0, days)
    newly, due = (np.vstack([getattr(old, name), getattr(new, name)]) for name in ("newly", "due"))
    newly[:20, reform + 10 :], due[:20, reform + 10 :] = 0, 0
    newly[20:, :reform], due[20:, :reform] = 0, 0
    younger = tuple(replace(key, province_code="91", unit_valid_from=date(2025, 7, 1)) for key in _units(20))
    series = Series((*_units(20), *younger), days, newly, due)
    judged = {j.place: j for j in judge_days(series, every_cell=True)}
    assert not (judged[reform + 10].series >= 20).any()
    assert (judged[reform + 20].series >= 20).sum() == 20
    spiked = _with(series, 20 + 3, slice(reform + 40, reform + 45), 4)
    # The same code is in both lists: the younger one's signal stands, once.
    (signal,) = [signal for signal in _on(spiked, reform + 44) if signal.unit_code == "00003"]
    assert signal.observed == float(spiked.newly[23, reform + 40 : reform + 45].sum())


def test_a_large_family_pays_for_its_size() -> None:
    """The same five days in a province of 20 units and among 3,000 that are all quiet."""
    few = _with(_draw(11, 20, 1.0), 2, slice(150, 155), 2)
    (p,) = _p_of(few, 154, 2)
    many = Series(
        _units(3000),
        few.days,
        np.vstack([few.newly, np.zeros((2980, few.newly.shape[1]), np.int32)]),
        np.vstack([few.due, np.ones((2980, few.due.shape[1]), np.int32)]),
    )
    q_few, q_many = _q_of(few, 154, 2), _q_of(many, 154, 2)
    assert p < 0.01
    assert q_few < q_many


def _judged(series: Series, place: int) -> Judged:
    return next(itertools.islice(judge_days(series), place, None))


def _p_of(series: Series, place: int, row: int) -> list[float]:
    judged = _judged(series, place)
    return [float(p) for p in judged.p[judged.series == row]]


def _q_of(series: Series, place: int, row: int) -> float:
    judged = _judged(series, place)
    return float(judged.q[judged.series == row][0])


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), place=st.integers(80, 150))
def test_what_comes_later_changes_nothing(seed: int, place: int) -> None:
    series = _with(_draw(seed, 12, 1.0), 1, slice(place - 3, place + 1), 5)
    ended = Series(
        series.keys,
        Days(_DAYS.day[: place + 1], _DAYS.is_after_holiday[: place + 1], _DAYS.is_whole[: place + 1]),
        series.newly[:, : place + 1],
        series.due[:, : place + 1],
    )
    signals = _on(series, place)
    assert signals == _on(ended, place)
    assert "00001" in {signal.unit_code for signal in signals}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.permutations(range(12)))
def test_the_order_of_series_changes_nothing(seed: int, order: list[int]) -> None:
    series = _with(_draw(seed, 12, 1.0), 1, slice(150, 154), 5)
    other = Series(
        tuple(series.keys[place] for place in order), series.days, series.newly[order], series.due[order]
    )
    for item, two in zip(_on(series, 153), _on(other, 153), strict=True):
        assert replace(item, expected=0.0, p_value=0.0, q_value=0.0) == replace(
            two, expected=0.0, p_value=0.0, q_value=0.0
        )
        assert item.expected == pytest.approx(two.expected) and item.p_value == pytest.approx(two.p_value)


def test_weekdays_and_days_after_holidays_are_learned() -> None:
    """Mondays of three times as many, the first days after holidays of twice as many again: nothing unusual."""
    days = working_days(date(2022, 7, 1), date(2023, 12, 29))
    rng = np.random.default_rng(12)
    due = rng.poisson(20.0, (60, len(days.day)))
    factor = np.array([3.0 if day.weekday() == 0 else 1.0 for day in days.day])
    factor = factor * np.where(days.is_after_holiday, 2.0, 1.0)
    newly = rng.poisson(due * 0.05 * factor)
    series = Series(_units(60), days, newly.astype(np.int32), due.astype(np.int32))
    wrong = sum(len(places) for places in _alarms(series, 200).values())
    assert wrong <= 0.004 * 60 * (len(days.day) - 200)


def test_days_with_a_gap_in_the_feed_teach_little() -> None:
    """Three weeks without exports, counted as days of nothing, do not make the days after them look unusual."""
    series = _draw(13, 1, 2.0)  # a province of one unit: no other tells that the days were strange
    newly = series.newly.copy()
    newly[:, 100:115] = 0
    whole = np.ones(len(_DAYS.day), np.bool_)
    whole[100:115] = False
    marked = replace(series, newly=newly, days=replace(_DAYS, is_whole=whole))
    unmarked = replace(series, newly=newly)
    expected = [
        next(itertools.islice(judge_days(item, every_cell=True), 125, None)).expected.sum()
        for item in (marked, unmarked)
    ]
    assert expected[0] > 1.1 * expected[1]


@pytest.mark.parametrize(
    ("overdue", "pending", "expected"),
    [
        (50, 1000, None),  # 5 %, not more than 50
        (51, 1000, (50.0, "warning")),
        (4, 10, None),  # 40 %, of very few
        (5, 10, (1.0, "warning")),
        (5, 50, None),  # 10 % is not more than 10 %
        (6, 50, (5.0, "warning")),
        (60, 500, (50.0, "warning")),  # both: the lower limit is told
        (60, 100, (10.0, "critical")),
        (151, 5000, (50.0, "critical")),
    ],
)
def test_the_stock_has_limits_in_number_and_in_share(
    overdue: int, pending: int, expected: tuple[float, str] | None
) -> None:
    stock = Stock("30517", "Phường Thới Sơn", date(1900, 1, 1), overdue, pending)
    signals = stock_signals([stock], date(2023, 7, 14))
    if expected is None:
        assert signals == []
        return
    (signal,) = signals
    assert (signal.expected, signal.severity) == expected
    assert (signal.kind, signal.observed, signal.window_days) == ("stock", float(overdue), 0)
    assert signal.p_value is None and signal.q_value is None


def test_every_limit_says_when_it_was_set_and_why() -> None:
    import inspect

    from assets.alerts import settings as module

    source = inspect.getsource(module.DetectorSettings).splitlines()
    for place, line in enumerate(source):
        name = line.strip().split(":")[0]
        if name in vars(DEFAULTS):
            above = " ".join(source[max(0, place - 3) : place])
            assert "/2026: " in above, name
