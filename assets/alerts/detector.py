"""Which series are out of the ordinary on which day.

Every working day is judged in turn, since what was an alarm weighs little in the baselines that come after it. Here:
tests, limits, families. Not here: what is usual (`baseline.py`), or where the numbers come from (`series.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.alerts.baseline import Baseline, Bools, Expected, Floats, Groups, Ints
from assets.alerts.series import Key, Series, Stock
from assets.alerts.settings import DEFAULTS, DetectorSettings
from assets.alerts.signal import Signal
from assets.chances import benjamini_hochberg, mid_p

KINDS = ("province", "district", "unit", "unit_field")


@dataclass(frozen=True)
class Judged:
    """The series of one day that may be an alarm (enough cases, more than usual), in the order of the keys."""

    place: int  # of the day
    series: Ints
    window_days: Ints
    observed: Floats
    expected: Floats
    p: Floats
    q: Floats
    is_alarm: Bools


def judge(series: Series, on: date, settings: DetectorSettings = DEFAULTS) -> list[Signal]:
    """Returns the alarms of a working day of the series and of the stocks; an empty list when the day is not among them."""
    if on not in series.days.day:
        return []
    for judged in judge_days(series, settings):
        if series.days.day[judged.place] == on:
            return _signals(series, judged, settings) + stock_signals(series.stocks, on, settings)
    return []


def judge_days(
    series: Series, settings: DetectorSettings = DEFAULTS, *, every_cell: bool = False
) -> Iterator[Judged]:
    """Yields day by day what may be an alarm; with `every_cell` every series that can be judged at all."""
    groups = _groups(series.keys)
    baseline = Baseline(groups, settings)
    newly, due = _by_day(series.newly), _by_day(series.due)
    recent: list[Floats] = []
    for place, day in enumerate(series.days.day):
        counts, falling = newly[place].astype(np.float64), due[place].astype(np.float64)
        kind_of_day = (day.weekday(), bool(series.days.is_after_holiday[place]))
        expected = baseline.expect(counts, falling, *kind_of_day)
        recent = [*recent, counts][-settings.window_days :]
        judged = _judge_day(
            place, counts, np.sum(recent, axis=0), expected, groups.family, settings, every_cell
        )
        yield judged
        is_alarm = np.zeros(len(counts), np.bool_)
        is_alarm[judged.series] = judged.is_alarm
        weight = np.full(len(counts), 1.0 if series.days.is_whole[place] else settings.alarm_weight)
        baseline.observe(counts, falling, expected, *kind_of_day, weight, is_alarm)


def _groups(keys: tuple[Key, ...]) -> Groups:
    units = {
        (key.unit_code, key.unit_valid_from): place for place, key in enumerate(keys) if key.kind == "unit"
    }
    return Groups(
        pool=_numbered([(key.kind, *key.pool) for key in keys]),
        family=_numbered([key.kind for key in keys]),
        province=_numbered([key.province_code for key in keys]),
        unit=np.array(
            [
                units.get((key.unit_code, key.unit_valid_from), -1) if key.kind.startswith("unit") else -1
                for key in keys
            ],
            np.int64,
        ),
    )


def _numbered(names: Sequence[Any]) -> Ints:
    """Returns the place of each name among all of them, in order."""
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], np.int64)


def _by_day(counts: NDArray[np.int32]) -> NDArray[np.float32]:
    """Returns a row per day: what is read together lies together."""
    return np.ascontiguousarray(counts.T, dtype=np.float32)


def _judge_day(
    place: int,
    counts: Floats,
    window: Floats,
    expected: Expected,
    family: Ints,
    s: DetectorSettings,
    every_cell: bool,
) -> Judged:
    # The dear tails only where an alarm can be; the others count as 1 among the p-values of the family.
    of_day = expected.is_ready & (
        every_cell | ((counts >= s.least_count) & (counts >= s.least_ratio * expected.mean))
    )
    of_window = expected.is_ready & (
        every_cell | ((window >= s.least_count) & (window >= s.least_ratio * expected.window_mean))
    )
    series = np.flatnonzero(of_day | of_window)
    p_of_day = _tail(counts, expected.mean, expected.variance, of_day, series) / s.day_share
    five = _tail(window, expected.window_mean, expected.window_variance, of_window, series) / (
        1.0 - s.day_share
    )
    is_of_day = p_of_day < five
    p = np.minimum(np.minimum(p_of_day, five), 1.0)
    q = np.ones(len(series))
    for number in np.unique(family[series]):
        members = np.flatnonzero(family[series] == number)
        q[members] = benjamini_hochberg(p[members], int((expected.is_ready & (family == number)).sum()))
    return Judged(
        place=place,
        series=series,
        window_days=np.where(is_of_day, 1, s.window_days),
        observed=np.where(is_of_day, counts[series], window[series]),
        expected=np.where(is_of_day, expected.mean[series], expected.window_mean[series]),
        p=p,
        q=q,
        is_alarm=(p <= s.alarm_p) & (q <= s.alarm_q),
    )


def _tail(counts: Floats, mean: Floats, variance: Floats, where: Bools, series: Ints) -> Floats:
    """Returns the mid-p-values of `series`; 1 where not asked for."""
    p = np.ones(len(series))
    asked = where[series]
    chosen = series[asked]
    p[asked] = mid_p(counts[chosen], mean[chosen], variance[chosen])
    return p


def _signals(series: Series, judged: Judged, s: DetectorSettings) -> list[Signal]:
    """Returns the alarms, by kind, unit and sector. Of one code in both lists of units, the younger list's stands."""
    alarms_by_key: dict[tuple[str, str, str], Signal] = {}
    on = series.days.day[judged.place]
    alarms = np.flatnonzero(judged.is_alarm)
    for place in sorted(alarms, key=lambda a: series.keys[judged.series[a]].unit_valid_from):
        key = series.keys[judged.series[place]]
        alarms_by_key[key.kind, key.unit_code, key.field_code or ""] = Signal(
            kind=key.kind,
            unit_code=key.unit_code,
            unit_name=key.unit_name,
            field_code=key.field_code,
            field_name=key.field_name,
            day=on,
            window_days=int(judged.window_days[place]),
            observed=float(judged.observed[place]),
            expected=float(judged.expected[place]),
            p_value=float(judged.p[place]),
            q_value=float(judged.q[place]),
            severity=_severity(judged, int(place), s),
        )
    return [
        alarms_by_key[name]
        for name in sorted(alarms_by_key, key=lambda name: (KINDS.index(name[0]), *name[1:]))
    ]


def _severity(judged: Judged, place: int, s: DetectorSettings) -> str:
    observed, expected = judged.observed[place], judged.expected[place]
    is_critical = (
        judged.q[place] <= s.critical_q
        and observed >= s.critical_ratio * expected
        and observed - expected >= s.critical_excess
    )
    return "critical" if is_critical else "warning"


def stock_signals(stocks: Sequence[Stock], on: date, s: DetectorSettings = DEFAULTS) -> list[Signal]:
    """Returns units with more open overdue dossiers than a number, or than a share of what is open; no test, no
    chance.
    """
    by_unit: dict[str, Signal] = {}
    for stock in sorted(stocks, key=lambda stock: (stock.unit_code, stock.unit_valid_from)):
        of_open = round(s.stock_share * stock.pending, 6)  # 0.1 x 141 is 14.1
        limits = [float(s.stock_count)] if stock.overdue > s.stock_count else []
        if stock.overdue > of_open and stock.overdue >= s.stock_least:
            limits.append(of_open)
        if not limits:
            continue
        is_critical = stock.overdue > s.stock_count and any(
            stock.overdue > s.stock_critical_ratio * limit for limit in limits
        )
        by_unit[stock.unit_code] = Signal(
            kind="stock",
            unit_code=stock.unit_code,
            unit_name=stock.unit_name,
            field_code=None,
            field_name=None,
            day=on,
            window_days=0,
            observed=float(stock.overdue),
            expected=min(limits),
            p_value=None,
            q_value=None,
            severity="critical" if is_critical else "warning",
        )
    return list(by_unit.values())
