"""Histories with spikes put in, for the backtest: made up, or loaded flows with spikes on top.

Here: where spikes lie and how large they are. Not here: made-up flows (`flows.py`), or how detectors are judged
(`assets/alerts/backtest.py`).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from assets.alerts.backtest import SPIKE_DAYS, Spiked, Trial
from assets.alerts.baseline import Bools, Floats
from assets.alerts.series import Days, Series
from pipelines.simulator.flows import USUAL, Habits, draw_history, tet_days

LEVELS = (0.3, 1.0, 3.0, 10.0)
FACTORS = (2.0, 3.0)
#: Spikes of one unit lie a baseline apart, so none is judged by one that holds another.
_SPIKES_EACH, _APART = 3, 75
#: The first half-year only teaches: the first Tết is in it.
_FIRST = 140
#: Levels of loaded units: the lower bound of each; below the first, ×3 is a handful a year.
_LOADED_LEVELS = ((0.15, 0.3), (0.6, 1.0), (2.0, 3.0), (6.0, 10.0))
_LOADED_FIRST = 70
_TRAIL = 60


def simulated_trial(seed: int, units_each: int = 150, habits: Habits = USUAL) -> Trial:
    """Returns a made-up history with spikes of each factor, without and over Tết; the same seed gives the same
    trial.
    """
    history = draw_history(seed, LEVELS, units_each, habits)
    is_tet = _near(tet_days(history.series.days), 0, SPIKE_DAYS)
    return _trial(history.series, history.level, history.strayed, is_tet, _FIRST, seed)


def loaded_trial(series: Series, seed: int) -> Trial | None:
    """Returns units of loaded flows with spikes on top, or None when no unit has enough overdue dossiers and days.

    A spike multiplies the unit's rate of the 60 working days before by its factor; what was really unusual in the
    history counts as false.
    """
    series = _from_first_dossier(series)
    days = len(series.days.day)
    if days <= _LOADED_FIRST + SPIKE_DAYS:
        return None
    level = series.newly[:, _LOADED_FIRST:].mean(axis=1)
    is_unit = np.array([key.kind == "unit" for key in series.keys], np.bool_)
    rows = np.flatnonzero(is_unit & (level >= _LOADED_LEVELS[0][0]))
    if not len(rows):
        return None
    group = np.array([max(name for least, name in _LOADED_LEVELS if level[row] >= least) for row in rows])
    units = Series(tuple(series.keys[row] for row in rows), series.days, series.newly[rows], series.due[rows])
    is_tet = _near(tet_days(series.days), 0, SPIKE_DAYS)
    return _trial(units, group, _trailing_mean(units), is_tet, _LOADED_FIRST, seed)


def _from_first_dossier(series: Series) -> Series:
    """Without the days before anything was loaded: nothing can be wrong on them."""
    with_figures = np.flatnonzero((series.due > 0).any(axis=0) | (series.newly > 0).any(axis=0))
    first = int(with_figures[0]) if len(with_figures) else len(series.days.day)
    days = Days(series.days.day[first:], series.days.is_after_holiday[first:], series.days.is_whole[first:])
    return Series(series.keys, days, series.newly[:, first:], series.due[:, first:])


def _trailing_mean(series: Series) -> Floats:
    """Returns what the rate of the 60 days before says of each day, by what falls due."""
    newly, due = (
        np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1) for counts in (series.newly, series.due)
    )
    place = np.arange(series.newly.shape[1])
    since = np.maximum(place - _TRAIL, 0)
    rate = (newly[:, place] - newly[:, since]) / np.maximum(due[:, place] - due[:, since], 1)
    mean: Floats = rate * series.due
    return mean


def _trial(series: Series, group: Floats, mean: Floats, is_tet: Bools, first: int, seed: int) -> Trial:
    rng = np.random.default_rng([seed, 2])
    days = len(series.days.day)
    ordinary = _scattered(rng, len(group), days, first, _near(is_tet, SPIKE_DAYS, SPIKE_DAYS))
    over_tet = _over_tet(rng, len(group), tet_days(series.days), first)
    spiked = []
    for factor in FACTORS:
        # Drawn once: the ordinary spikes and those over Tết are on histories of their own.
        more = rng.poisson((factor - 1.0) * mean).astype(np.int32)
        for is_over, starts in ((False, ordinary), (True, over_tet)):
            spiked.append(Spiked(_raised(series, more, starts), factor, is_over, starts))
    return Trial(series, group, is_tet, tuple(spiked), first)


def _raised(series: Series, more: NDArray[np.int32], starts: NDArray[np.int64]) -> Series:
    newly = series.newly.copy()
    for offset in range(SPIKE_DAYS):
        rows, columns = np.nonzero(starts >= 0)
        places = starts[rows, columns] + offset
        newly[rows, places] += more[rows, places]
    return Series(series.keys, series.days, newly, series.due)


def _scattered(rng: Generator, units: int, days: int, first: int, avoided: Bools) -> NDArray[np.int64]:
    """Starts at random in as many equal stretches as there is room for, the end of each left free; -1 near Tết."""
    room = days - first - SPIKE_DAYS
    each = max(1, min(_SPIKES_EACH, room // (_APART + 5)))
    stretch = room // each
    shift = rng.integers(0, min(_APART, stretch), (units, 1))
    starts = (
        first + np.arange(each) * stretch + (shift + rng.integers(0, max(1, stretch - _APART), (units, each)))
    )
    starts = np.minimum(starts, days - SPIKE_DAYS)
    return np.where(avoided[starts], -1, starts)


def _over_tet(rng: Generator, units: int, first_days: Bools, first: int) -> NDArray[np.int64]:
    """Returns one start for every tenth unit and Tết: the first working day after it is one of the spike's five.

    If all had one it would be the whole province's, which is not a spike of a unit.
    """
    places = [place for place in np.flatnonzero(first_days) if first <= place < len(first_days) - SPIKE_DAYS]
    if not places:
        return np.full((units, 1), -1, np.int64)
    starts = np.array(places)[None, :] - rng.integers(0, SPIKE_DAYS, (units, len(places)))
    return np.where(np.arange(units)[:, None] % 10 == rng.integers(0, 10), starts, -1)


def _near(marked: Bools, before: int, after: int) -> Bools:
    """Returns days from `before` days before a marked one up to `after` - 1 after it."""
    is_near = np.zeros_like(marked)
    for place in np.flatnonzero(marked):
        is_near[max(0, place - before) : place + after] = True
    return is_near
