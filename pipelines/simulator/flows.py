"""Made-up histories of counts: dossiers falling due and newly overdue, by unit and working day, with spikes.

Made for judging detectors, so its parts are not those of the detector's model: rates drift (a random walk towards the
mean), days stray by a gamma factor whose strength differs from unit to unit, some units stop working for a day, the
weeks before Tết are slack and the days after it are late. What falls due is known, as it is in a warehouse. Levels are
newly overdue dossiers a working day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from assets.alerts.series import Days, Key, Series, make_days
from assets.dimensions.calendar import date_frame

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Monday to Sunday: what falls due, and how apt it is to be overdue when the day comes.
_DUE_BY_WEEKDAY = (1.0, 1.1, 1.05, 1.0, 0.95, 0.6, 0.6)
_LATE_BY_WEEKDAY = (1.2, 0.95, 0.9, 0.95, 1.0, 0.8, 0.8)
_LATE_AFTER_HOLIDAY, _LATE_AFTER_TET = 1.4, 1.9
_DUE_BEFORE_TET, _TET_DAYS = 0.7, 10
#: A dossier in so many is overdue; over units a lognormal spread.
_LATE_SHARE, _LATE_SPREAD = 0.05, 0.5
#: Days until half of a unit's drift is forgotten; spread of the dispersion over units (lognormal).
_DRIFT_HALF_LIFE, _DISPERSION_SPREAD = 60.0, 0.5
_DUE_DISPERSION = 0.15


@dataclass(frozen=True)
class Habits:
    """How unruly units are: relative standard deviation of the slow drift of a unit's rate, and day-to-day dispersion.

    A dispersion of 0.2 is a gamma factor with a standard deviation of 45 % on every day's mean.
    """

    name: str
    drift: float
    dispersion: float


CALM, USUAL, ROUGH = Habits("calm", 0.15, 0.1), Habits("usual", 0.2, 0.2), Habits("rough", 0.3, 0.3)


@dataclass(frozen=True)
class History:
    """Counts and what they were drawn with: `late_mean`, a row per unit and a column per day."""

    series: Series
    level: Floats  # by unit
    late_mean: Floats
    strayed: Floats  # late_mean with the day's gamma factor


def working_days(start: date, end: date) -> Days:
    """Returns the working days of a period."""
    frame = date_frame(start - timedelta(days=30), end)
    rows = frame.select("date", "is_working_day", "is_holiday").iter_rows()
    return make_days(((*row, True) for row in rows), start)


def tet_days(days: Days) -> Bools:
    """Returns which working days are the first after the long holiday at Tết (four weekdays off or more, January to
    March).
    """
    gaps = np.array([0, *((b - a).days for a, b in zip(days.day, days.day[1:], strict=False))])
    return np.array([gap >= 7 and day.month <= 3 for gap, day in zip(gaps, days.day, strict=True)], np.bool_)


def draw_history(
    seed: int,
    levels: Sequence[float],
    units_each: int,
    habits: Habits = USUAL,
    start: date = date(2022, 7, 1),
    end: date = date(2024, 12, 31),
) -> History:
    """Returns `units_each` units at each level over the working days of the period; the same seed gives the same
    counts.
    """
    rng = np.random.default_rng(seed)
    days = working_days(start, end)
    level = np.repeat(np.asarray(levels, np.float64), units_each)
    share = np.minimum(_LATE_SHARE * rng.lognormal(0.0, _LATE_SPREAD, len(level)), 0.5)
    due_mean, late = _calendar(days)
    due_rate = (level / share)[:, None] * due_mean[None, :]
    due = rng.poisson(due_rate * rng.gamma(1 / _DUE_DISPERSION, _DUE_DISPERSION, due_rate.shape))
    rate = share[:, None] * late[None, :] * _drift(rng, due.shape, habits.drift)
    late_mean = np.minimum(rate * due, due * 0.95)
    shape = 1.0 / (habits.dispersion * rng.lognormal(0.0, _DISPERSION_SPREAD, len(level)))
    strayed = late_mean * rng.gamma(shape[:, None], 1.0 / shape[:, None], late_mean.shape)
    newly = rng.poisson(strayed)
    keys = tuple(Key("unit", f"{place + 1:05}", f"Đơn vị {place + 1}", "89") for place in range(len(level)))
    series = Series(keys, days, newly.astype(np.int32), due.astype(np.int32))
    return History(series, level, late_mean, strayed)


def _calendar(days: Days) -> tuple[Floats, Floats]:
    """Returns what falls due and how late it is by day, both 1 on average or about so."""
    before = np.array([days.day[max(place - 1, 0)].weekday() for place in range(len(days.day))])
    due = np.array(_DUE_BY_WEEKDAY)[before]
    late = np.array([_LATE_BY_WEEKDAY[day.weekday()] for day in days.day])
    late = late * np.where(days.is_after_holiday, _LATE_AFTER_HOLIDAY, 1.0)
    for place in np.flatnonzero(tet_days(days)):
        due[max(place - _TET_DAYS, 0) : place] *= _DUE_BEFORE_TET
        late[place : place + 2] *= _LATE_AFTER_TET / _LATE_AFTER_HOLIDAY
    return due, late


def _drift(rng: Generator, shape: tuple[int, ...], spread: float) -> Floats:
    """Returns a slow wander of each row around 1: exp of a stationary autoregression."""
    kept = 0.5 ** (1.0 / _DRIFT_HALF_LIFE)
    logarithms = np.empty(shape)
    value = rng.normal(0.0, spread, shape[0])
    for place in range(shape[1]):
        value = kept * value + rng.normal(0.0, spread * np.sqrt(1.0 - kept**2), shape[0])
        logarithms[:, place] = value
    wandered: Floats = np.exp(logarithms - spread**2 / 2)
    return wandered
