"""What goes wrong in a life: late, never finished, waiting for papers, extended, withdrawn; and spikes of it.

Here: changes to the arrays of `lives.Lives`. Not here: exact totals (`targets.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from pipelines.simulator.clock import DAY, HOUR, NEVER, Bools, Calendar, Floats, Ints, day_number
from pipelines.simulator.lives import DIRECT, Lives, office_clock
from pipelines.simulator.places import PLACES, PROCEDURES
from warehouse_sql.messages import message

#: Dossiers finished after their due date, and dossiers that nobody finishes: of all, on average.
LATE_SHARE, STUCK_SHARE = 0.008, 0.004
#: Online and postal dossiers are watched more closely.
_LATENESS_BY_CHANNEL = (0.0, 1.0, 0.5, 0.8)
#: Requests for supplements among procedures of three days and more that use at least two.
_SUPPLEMENT_SHARE = 0.095
#: Suspended for a fee or a tax (6), or stopped for another reason (8), in place of a request for papers (5).
_FINANCIAL_SHARE, _STOPPED_SHARE = 0.05, 0.03
#: Applicants who never bring what was asked for, and those of them who withdraw in the end.
_UNANSWERED_SHARE, _GIVEN_UP_SHARE = 0.45, 0.2
#: Extensions (a letter of apology) among procedures of seven days and more.
_EXTENDED_SHARE = 0.012
_WITHDRAWN_SHARE = 0.004
#: The working days of a spike.
_SPIKE_DAYS = 5

_SPIKE = re.compile(r"([0-9]{1,5}):(\d{4}-\d{2}-\d{2}):(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Spike:
    """Overdue dossiers of a unit (GSO code) times `factor`, due in the five working days from `day`."""

    unit: str
    day: date
    factor: float


def parse_spike(text: str) -> Spike:
    """Returns the spike written as UNIT:DAY:FACTOR, such as 30520:2023-07-10:3.

    Raises ValueError with one sentence otherwise.
    """
    match = _SPIKE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            message(
                "Đợt quá hạn “{text}” cần có dạng MÃ_ĐƠN_VỊ:NGÀY:HỆ_SỐ, ví dụ 30520:2023-07-10:3.", text=text
            )
        )
    unit, day, factor = match.groups()
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise ValueError(
            message("Đợt quá hạn “{text}”: {day} không phải là ngày có thật.", text=text, day=day)
        ) from None
    spike = Spike(unit, when, float(factor))
    check_spike(spike)
    return spike


def check_spike(spike: Spike, start: date | None = None, end: date | None = None) -> None:
    """ValueError with one sentence when there is no such unit, the factor is below 1, or the day is outside."""
    known = sorted({place.unit_code for place in PLACES})
    if spike.unit not in known:
        raise ValueError(
            message(
                "Đợt quá hạn: không có đơn vị {unit}; hãy dùng một trong {known}.",
                unit=spike.unit,
                known=", ".join(known),
            )
        )
    if spike.factor < 1:
        raise ValueError(
            message(
                "Đợt quá hạn của {unit}: hệ số phải từ 1 trở lên, đang là {factor:g}.",
                unit=spike.unit,
                factor=spike.factor,
            )
        )
    if (start and spike.day < start) or (end and spike.day > end):
        raise ValueError(
            message(
                "Đợt quá hạn của {unit}: ngày {day} nằm ngoài kỳ {start} đến {end}.",
                unit=spike.unit,
                day=spike.day,
                start=start,
                end=end,
            )
        )


def lateness(lives: Lives) -> Floats:
    """Returns how apt each dossier is to be late, around 1 on average over many."""
    by_procedure = np.array([p.lateness for p in PROCEDURES])
    by_place = np.array([p.lateness for p in PLACES])
    apt: Floats = (
        by_procedure[lives.procedure]
        * by_place[lives.place]
        * np.array(_LATENESS_BY_CHANNEL)[lives.channel]
        / _average_lateness()
    )
    return apt


def _average_lateness() -> float:
    """Of a direct dossier of the old units, by their weights."""
    total, sum_of_weights = 0.0, 0.0
    for place in PLACES:
        asked = [p.town_weight if place.is_town else p.commune_weight for p in PROCEDURES]
        of_place = sum(w * p.lateness for w, p in zip(asked, PROCEDURES, strict=True)) / sum(asked)
        total += place.weight * place.lateness * of_place
        sum_of_weights += place.weight
    return total / sum_of_weights


def draw_fates(rng: Generator, calendar: Calendar, lives: Lives, spikes: Sequence[Spike]) -> None:
    """Lets a part of the plain lives go wrong; `lives` is changed."""
    chance = np.minimum(lateness(lives), 40.0)
    is_late = lives.is_plain & (rng.random(len(lives)) < np.minimum(chance * LATE_SHARE, 0.5))
    is_stuck = lives.is_plain & ~is_late & (rng.random(len(lives)) < np.minimum(chance * STUCK_SHARE, 0.3))
    make_late(rng, calendar, lives, is_late, np.minimum(rng.geometric(0.22, len(lives)), 40))
    make_stuck(lives, is_stuck)
    expected = np.minimum(chance * (LATE_SHARE + STUCK_SHARE), 0.8)
    for spike in spikes:
        _raise_spike(rng, calendar, lives, spike, is_late | is_stuck, expected)
    draw_detours(rng, calendar, lives)


def make_late(rng: Generator, calendar: Calendar, lives: Lives, which: Bools, delays: Ints) -> None:
    """Those end `delays` working days (at least 1) after their due date."""
    days = calendar.day_at(calendar.index(lives.promised // DAY) + delays)
    lives.ended = np.where(which, days * DAY + office_clock(rng, len(lives)), lives.ended)
    lives.is_plain &= ~which


def make_stuck(lives: Lives, which: Bools) -> None:
    """Those are never finished."""
    lives.ended = np.where(which, NEVER, lives.ended)
    lives.is_plain &= ~which


def _raise_spike(
    rng: Generator, calendar: Calendar, lives: Lives, spike: Spike, is_unmet: Bools, expected: Floats
) -> None:
    # The last working day before the day, so that the window starts on the first one from the day on.
    before = calendar.index(np.array([day_number(spike.day) - 1]))[0]
    due_index = calendar.index(lives.promised // DAY)
    in_unit = np.array([place.unit_code == spike.unit for place in PLACES])[lives.place]
    window = in_unit & (due_index > before) & (due_index <= before + _SPIKE_DAYS) & (lives.received < NEVER)
    base = max(float((window & is_unmet).sum()), float(expected[window].sum()))
    if window.any():
        base = max(base, 1.0)  # a small unit has a spike too
    wanted = round(base * spike.factor) - int((window & is_unmet).sum())
    candidates = np.flatnonzero(window & lives.is_plain)
    chosen = np.zeros(len(lives), np.bool_)
    chosen[rng.choice(candidates, max(0, min(wanted, len(candidates))), replace=False)] = True
    make_late(rng, calendar, lives, chosen, rng.integers(3, 11, len(lives)))


def draw_detours(rng: Generator, calendar: Calendar, lives: Lives) -> None:
    """Withdrawals, requests for supplements, suspensions and extensions among the plain lives."""
    withdraws = lives.is_plain & (rng.random(len(lives)) < _WITHDRAWN_SHARE)
    lives.end_status = np.where(withdraws, 7, lives.end_status)
    lives.is_plain &= ~withdraws
    _suspend(rng, calendar, lives)
    _extend(rng, calendar, lives)


def _suspend(rng: Generator, calendar: Calendar, lives: Lives) -> None:
    """A request between reception and end; what follows moves on by the working days waited."""
    count = len(lives)
    can_wait = lives.is_plain & (lives.limit >= 3) & (lives.days_used >= 2)
    waits = can_wait & (rng.random(count) < _SUPPLEMENT_SHARE)
    asked_after = 1 + (rng.random(count) * (lives.days_used - 1)).astype(np.int64)
    asked_on = lives.work_index + asked_after
    suspended = calendar.day_at(asked_on) * DAY + office_clock(rng, count)
    kind = rng.random(count)
    status = np.where(kind < _FINANCIAL_SHARE, 6, np.where(kind < _FINANCIAL_SHARE + _STOPPED_SHARE, 8, 5))
    answered = waits & (rng.random(count) >= _UNANSWERED_SHARE)
    wait = np.minimum(rng.geometric(0.16, count), 45)
    resumed = calendar.day_at(asked_on + wait) * DAY + 7 * HOUR + rng.integers(900, 3_000, count)
    lives.suspended = np.where(waits, suspended, lives.suspended)
    lives.started = np.where(waits, np.minimum(lives.started, suspended - HOUR // 6), lives.started)
    lives.suspended_status = np.where(waits, status, lives.suspended_status)
    lives.moved = np.where(answered, resumed, lives.moved)
    lives.due_moved = np.where(answered, calendar.later(lives.due, wait), lives.due_moved)
    # The end was after the request, and moves on as far as the due date; never before 7:50, when it resumes.
    later = np.maximum(calendar.later(lives.ended, wait), resumed + HOUR // 2)
    given_up = waits & ~answered & (rng.random(count) < _GIVEN_UP_SHARE)
    dropped = calendar.day_at(asked_on + rng.integers(15, 60, count)) * DAY + office_clock(rng, count)
    ended = np.where(answered, later, np.where(given_up, dropped, NEVER))
    lives.ended = np.where(waits, ended, lives.ended)
    lives.end_status = np.where(given_up, 7, lives.end_status)
    lives.is_plain &= ~waits


def _extend(rng: Generator, calendar: Calendar, lives: Lives) -> None:
    """A new due date, promised two or three working days before the first one passes."""
    count = len(lives)
    extends = lives.is_plain & (lives.limit >= 7) & (rng.random(count) < _EXTENDED_SHARE)
    due_on = calendar.index(lives.due // DAY)
    more = rng.integers(4, 12, count)
    moved = calendar.day_at(due_on - rng.integers(2, 4, count)) * DAY + office_clock(rng, count)
    ended = calendar.day_at(due_on + (rng.random(count) * (more + 1)).astype(np.int64)) * DAY
    lives.moved = np.where(extends, moved, lives.moved)
    lives.due_moved = np.where(extends, calendar.later(lives.due, more), lives.due_moved)
    lives.ended = np.where(extends, ended + office_clock(rng, count), lives.ended)
    lives.is_plain &= ~extends


def direct_and_plain(lives: Lives) -> Bools:
    """Received at the desk, with a due date, and nothing wrong so far."""
    is_fit: Bools = lives.is_plain & (lives.channel == DIRECT) & (lives.received < NEVER)
    return is_fit
