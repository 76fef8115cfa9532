"""The town of the demo: thị xã Tịnh Biên in the inspected period, and in the twelve months before it.

Here: which dossiers there are, and when the portals export them. Not here: the totals of the inspection
(`targets.py`), writing files.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.random import Generator

from pipelines.simulator.arrivals import arrivals
from pipelines.simulator.clock import DAY, NEVER, Calendar, Ints, day_number
from pipelines.simulator.fates import draw_detours, lateness, make_late
from pipelines.simulator.lives import Lives, draw_arrivals, draw_frame, office_clock
from pipelines.simulator.statements import Export, export_days, exports_on
from pipelines.simulator.targets import ONLINE_SHARE, POSTAL_SHARE, Targets, meet

#: The twelve months before the inspected period, exported at the end of each reporting month, without steps.
YEAR_BEFORE = (date(2021, 12, 15), date(2022, 12, 14))
_MONTH_ENDS = tuple(date(2022, month, 14) for month in range(1, 13))
#: In the inspected period, exports every second day: less than 400 files.
_EVERY_DAYS = 2

#: Dossiers a working day, as a share of the inspected period's: in the year before, more and more were entered.
_FLOW_AT_START, _FLOW_AT_END = 0.1, 0.9
#: January to December: little before Tết and much after it, certified copies for schools in summer.
_SEASON = (0.95, 0.7, 1.1, 1.05, 1.0, 1.1, 1.2, 1.1, 0.95, 0.95, 1.0, 0.9)
_ONLINE_SHARE_BEFORE = 0.05
#: Of the year before: finished late, and those of them that lay for months (working days, on average).
_LATE_SHARE, _LONG_SHARE, _LONG_DAYS = 0.014, 0.25, 80
#: Applicants of the year before who never brought what was asked for, and whose dossiers were closed in the end.
_CLOSED_SHARE, _CLOSED_AFTER = 0.9, (40, 160)


def draw_both_years(seed: int, targets: Targets) -> Iterator[tuple[date, pl.DataFrame]]:
    """Yields the last day and the dossiers of the year before and of the period; none depends on another year's."""
    rng, calendar = np.random.default_rng([seed, 2]), Calendar(*YEAR_BEFORE)
    yield YEAR_BEFORE[1], draw_frame(rng, calendar, draw_year_before(rng, calendar, targets))
    rng, calendar = np.random.default_rng(seed), Calendar(targets.start, targets.end)
    yield targets.end, draw_frame(rng, calendar, draw_town(rng, calendar, targets))


def town_exports(targets: Targets) -> list[Export]:
    """Returns all exports: a month's at once in the year before, then every second day and the last one."""
    return exports_on([*_MONTH_ENDS, *export_days(targets.start, targets.end, _EVERY_DAYS)])


def draw_town(rng: Generator, calendar: Calendar, targets: Targets) -> Lives:
    """Returns all lives of the inspected period; the direct ones meet the targets."""
    days = _days(targets.start, targets.end)
    everyone = targets.received / (1 - ONLINE_SHARE - POSTAL_SHARE)
    online, postal = round(everyone * ONLINE_SHARE), round(everyone * POSTAL_SHARE)
    counts = arrivals(rng, calendar, days, direct=targets.received, online=online, postal=postal)
    lives = draw_arrivals(rng, calendar, days, counts)
    meet(rng, calendar, lives, targets)
    return lives


def draw_year_before(rng: Generator, calendar: Calendar, targets: Targets) -> Lives:
    """Returns the lives of the year before; some of them reach into the period, and a few beyond it.

    Their number grows to about what the period receives a working day, and follows the season.
    """
    days = _days(*YEAR_BEFORE)
    season = np.array(_SEASON)[[(YEAR_BEFORE[0] + timedelta(days=n)).month - 1 for n in range(len(days))]]
    season = season * (
        _FLOW_AT_START + (_FLOW_AT_END - _FLOW_AT_START) * np.linspace(0.0, 1.0, len(days)) ** 2
    )
    of_period = Calendar(targets.start, targets.end).is_working(_days(targets.start, targets.end)).sum()
    direct = round(targets.received / of_period * season[calendar.is_working(days)].sum())
    everyone = direct / (1 - _ONLINE_SHARE_BEFORE - POSTAL_SHARE)
    online, postal = round(everyone * _ONLINE_SHARE_BEFORE), round(everyone * POSTAL_SHARE)
    counts = arrivals(rng, calendar, days, direct=direct, online=online, postal=postal, season=season)
    lives = draw_arrivals(rng, calendar, days, counts)
    _let_go_wrong(rng, calendar, lives)
    return lives


def _let_go_wrong(rng: Generator, calendar: Calendar, lives: Lives) -> None:
    """Lets a part be late, some by months, and closes most of those that wait for nothing any more."""
    count = len(lives)
    chance = np.minimum(lateness(lives), 40.0)
    is_late = lives.is_plain & (rng.random(count) < np.minimum(chance * _LATE_SHARE, 0.5))
    days = np.minimum(rng.geometric(0.22, count), 40)
    months = np.where(
        rng.random(count) < _LONG_SHARE, np.minimum(rng.geometric(1 / _LONG_DAYS, count), 250), 0
    )
    make_late(rng, calendar, lives, is_late, days + months)
    draw_detours(rng, calendar, lives)
    is_forgotten = (lives.suspended < NEVER) & (lives.moved == NEVER) & (lives.ended == NEVER)
    is_closed = is_forgotten & (rng.random(count) < _CLOSED_SHARE)
    closed_on = calendar.day_at(calendar.index(lives.suspended // DAY) + rng.integers(*_CLOSED_AFTER, count))
    lives.ended = np.where(is_closed, closed_on * DAY + office_clock(rng, count), lives.ended)
    lives.end_status = np.where(is_closed, 7, lives.end_status)


def _days(start: date, end: date) -> Ints:
    return day_number(start) + np.arange((end - start).days + 1, dtype=np.int64)
