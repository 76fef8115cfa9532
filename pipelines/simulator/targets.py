"""The made-up Tịnh Biên of the inspection: the world is drawn so that it meets the published totals exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from pipelines.simulator.clock import DAY, MINUTE, NEVER, Bools, Calendar, Floats, Ints, day_number
from pipelines.simulator.fates import direct_and_plain, draw_detours, lateness, make_late, make_stuck
from pipelines.simulator.lives import DIRECT, Lives, office_clock


@dataclass(frozen=True)
class Targets:
    """Dossiers received directly in the period, and what became of them by its end."""

    start: date
    end: date
    received: int
    resolved: int
    resolved_late: int
    pending_overdue: int

    @property
    def pending(self) -> int:
        """Open at the end, overdue or not."""
        return self.received - self.resolved


#: The report on the inspection of 30/8/2023 at thị xã Tịnh Biên, published on 1/9/2023: 70.426 received, 67.753
#: resolved, 67.269 of them early and on time, and "448 overdue", taken as open and overdue.
TINH_BIEN_2023 = Targets(
    start=date(2022, 12, 15),
    end=date(2023, 8, 30),
    received=70_426,
    resolved=67_753,
    resolved_late=67_753 - 67_269,
    pending_overdue=448,
)

#: Shares of the town of 2023 over all channels; "online intake low" was a finding.
ONLINE_SHARE, POSTAL_SHARE = 0.08, 0.01


def meet(rng: Generator, calendar: Calendar, lives: Lives, targets: Targets) -> None:
    """Lets exactly so many of the plain lives go wrong that the direct ones meet the targets.

    Raises ValueError when the world is too small or too large for it.
    """
    end_day, end_at = day_number(targets.end), (day_number(targets.end) + 1) * DAY - 1
    apt, due_day = lateness(lives), lives.promised // DAY
    since = np.clip((due_day - day_number(targets.start)) / (end_day - day_number(targets.start)), 0.0, 1.0)
    # The longer ago it was due, the less likely it is that nobody has finished it: overdue ones grow in number.
    is_due = direct_and_plain(lives) & (due_day < end_day)
    make_stuck(lives, _choose(rng, is_due, apt * (0.15 + since**2), targets.pending_overdue))
    room = calendar.index(np.full(len(lives), end_day, np.int64)) - calendar.index(due_day)
    may_be_late = direct_and_plain(lives) & (due_day < end_day) & (room >= 2)
    delays = np.minimum(np.minimum(rng.geometric(0.22, len(lives)), 40), np.maximum(room, 1))
    make_late(rng, calendar, lives, _choose(rng, may_be_late, apt, targets.resolved_late), delays)
    # Of the other channels nothing is known; they are late as seldom.
    others = (
        lives.is_plain & (lives.channel != DIRECT) & (rng.random(len(lives)) < apt * _late_share(targets))
    )
    make_late(rng, calendar, lives, others, np.minimum(rng.geometric(0.22, len(lives)), 40))
    draw_detours(rng, calendar, lives)
    _settle_open(rng, calendar, lives, targets.pending, end_day, end_at)


def _late_share(targets: Targets) -> float:
    return targets.resolved_late / targets.received


def _choose(rng: Generator, candidates: Bools, weights: Floats, count: int) -> Bools:
    """Returns exactly `count` of the candidates, by weight, none twice."""
    places = np.flatnonzero(candidates & (weights > 0))
    if len(places) < count:
        raise ValueError(f"The world has {len(places)} dossiers to choose from, fewer than {count}.")
    # The largest keys u^(1/w) are a weighted draw without replacement.
    keys = np.log(rng.random(len(places))) / weights[places]
    chosen = np.zeros(len(candidates), np.bool_)
    chosen[places[np.argsort(keys)[len(places) - count :]]] = True
    return chosen


def _settle_open(
    rng: Generator, calendar: Calendar, lives: Lives, wanted: int, end_day: int, end_at: int
) -> None:
    """Finishes or keeps open as many direct lives, due on the last day or later, as are wanted."""
    is_open = (lives.channel == DIRECT) & (lives.received < NEVER) & (lives.ended > end_at)
    surplus = int(is_open.sum()) - wanted
    not_yet_due = direct_and_plain(lives) & (lives.promised // DAY >= end_day)
    if surplus > 0:
        # Those that came first are finished first, on a day of theirs.
        movable = not_yet_due & is_open & (lives.received // DAY < end_day)
        chosen = _first(lives.received, movable, surplus)
        first_day = lives.received // DAY + 1
        days = first_day + (rng.random(len(lives)) * np.maximum(end_day - first_day + 1, 1)).astype(np.int64)
        # A day off stands for the working day after it.
        days = np.minimum(calendar.day_at(calendar.index(days - 1) + 1), end_day)
        ended = days * DAY + office_clock(rng, len(lives))
        lives.ended = np.where(chosen, ended, lives.ended)
        lives.started = np.where(
            chosen, np.minimum(lives.started, lives.received + 5 * MINUTE), lives.started
        )
    elif surplus < 0:
        movable = not_yet_due & ~is_open
        chosen = _first(-lives.ended, movable, -surplus)
        lives.ended = np.where(chosen, NEVER, lives.ended)


def _first(order: Ints, candidates: Bools, count: int) -> Bools:
    """Returns the first `count` of the candidates in that order."""
    places = np.flatnonzero(candidates)
    if len(places) < count:
        raise ValueError(f"The world has {len(places)} dossiers that may be open or not, fewer than {count}.")
    chosen = np.zeros(len(candidates), np.bool_)
    chosen[places[np.argsort(order[places], kind="stable")[:count]]] = True
    return chosen
