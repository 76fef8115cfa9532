"""When a dossier is due: reception, limit, pauses and extensions in, the due instant out.

The rules are numbered D1 to D15 in docs/deadline.md. Here: the types and the fast way, a few microseconds per
dossier. `deadline_trace` counts the same day by day for people to read, `deadline_batch` whole frames at once.
Instants are naive local time (Asia/Ho_Chi_Minh), exact to the microsecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from assets.dimensions.work_calendar import (
    DAY_US,
    HOUR_US,
    SECOND_US,
    WorkCalendar,
    WorkingHours,
    day_number,
)

Unit = Literal["working_day", "day", "hour"]
PauseDays = Literal["exact", "whole"]
#: Why there is no due instant: no limit is known, the applicant is waited for, the dossier is not accepted yet.
Reason = Literal["no_limit", "waiting", "not_received"]

#: As the readers write a unit, and as the catalogue of procedures does.
UNITS: dict[str, Unit] = {
    "working_day": "working_day",
    "day": "day",
    "calendar_day": "day",
    "hour": "hour",
    "working_hour": "hour",
}
ONLINE = 2
#: A limit's day has eight hours, whatever the office hours are (D6).
LIMIT_DAY_US = 8 * HOUR_US
#: More days or hours than that are no limit but a mistake.
LONGEST_LIMIT = 100_000

_EPOCH = datetime(1970, 1, 1)


class LimitError(ValueError):
    """The limit can't be counted. The message names value and unit."""


class PauseError(ValueError):
    """The pause ends before it begins. The message names both."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The applicant is waited for: from the request to the answer, None while it is still waited for."""

    paused_at: datetime
    resumed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.resumed_at is not None and self.resumed_at < self.paused_at:
            raise PauseError(f"A pause from {self.paused_at} cannot end at {self.resumed_at}.")


@dataclass(frozen=True, slots=True)
class Extension:
    """A letter of apology, and the new due date that it states; a date alone means the end of office hours."""

    extended_at: datetime
    due: datetime | date


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a procedure may take; 0 means the same day. The units are those of `UNITS`."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one procedure. `online` None: the same as at the desk; `general` None: not known, or none."""

    general: Limit | None
    online: Limit | None = None


def limit_for(channel: int | None, limits: Limits) -> Limit | None:
    """Returns the limit that holds for a channel: 1 direct, 2 online, 3 postal; unknown (None) counts as direct
    (D11).
    """
    return limits.online if channel == ONLINE and limits.online is not None else limits.general


@dataclass(frozen=True, slots=True)
class Case:
    """What a due instant is computed from. `received_at` is the acceptance, None before it.

    Without value or unit of the limit there is no due instant, unless a letter states one. Pauses and
    extensions may come in any order; overlapping pauses are counted once.
    """

    received_at: datetime | None
    limit_value: float | None
    limit_unit: str | None
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """Where and how is counted: days, office hours, and two options of the rules.

    `skip_holidays`: a limit in calendar days does not count holidays (D5). `pause_days`: the time waited is
    added exactly, or in whole days of 24 hours, the rest dropped (D8).
    """

    calendar: WorkCalendar
    hours: WorkingHours = field(default_factory=WorkingHours)
    skip_holidays: bool = False
    pause_days: PauseDays = "exact"


@dataclass(frozen=True, slots=True)
class Due:
    """The due instant in force, or None and the reason why there is none."""

    due_at: datetime | None
    reason: Reason | None = None


NO_LIMIT, WAITING, NOT_RECEIVED = Due(None, "no_limit"), Due(None, "waiting"), Due(None, "not_received")


def find_due(case: Case, office: Office) -> Due:
    """Returns the due instant, all pauses and extensions considered.

    Raises `LimitError` for a limit that can't be counted, `CalendarRangeError` for days beyond the calendar.

    On resumption (D8) the rule reads: new due = computed from (old due + (now - request, in days, - 1)) with a
    limit of 8 hours in working days. Read to the letter: `now - request` is elapsed calendar time, nights and
    days off included, to the fraction of a day; one day is taken off and given back as one working day. So the
    result is old due + elapsed time, moved into office hours as a reception would be, and if that is a day off,
    the next working day at the same clock time. `pause_days="whole"` takes "in days" as a whole number.
    """
    if case.received_at is None:
        return NOT_RECEIVED
    limit = checked_limit(case.limit_value, case.limit_unit)
    at = None if limit is None else first_due(_split(case.received_at), *limit, office)
    if case.pauses or case.extensions:
        moves, open_since = moves_of(case)
        if open_since is not None:
            return WAITING
        at = _moved(at, moves, office)
    return NO_LIMIT if at is None else Due(_EPOCH + timedelta(days=at[0], microseconds=at[1]))


def checked_limit(value: float | None, unit: str | None) -> tuple[int, Unit] | None:
    """Returns the limit in microseconds, a day having eight hours, and its unit, or None where either is not known."""
    if value is None or unit is None:
        return None
    known = UNITS.get(unit)
    if known is None:
        raise LimitError(
            f"A limit of {value!r} is in an unknown unit, {unit!r}; known are {', '.join(UNITS)}."
        )
    if not 0 <= value <= LONGEST_LIMIT:
        raise LimitError(f"A limit must be from 0 to {LONGEST_LIMIT}, not {value!r} ({unit}).")
    return round(value * (HOUR_US if known == "hour" else LIMIT_DAY_US)), known


def first_due(received: tuple[int, int], length: int, unit: Unit, office: Office) -> tuple[int, int]:
    """Returns day and clock time of the due instant, pauses and extensions apart; `length` as in `checked_limit`."""
    calendar = office.calendar
    day, clock = shifted(*received, office.hours)
    is_working = calendar.is_working[calendar.place(day)]
    if length == 0:
        return calendar.working_from(day), office.hours.bounds[3]
    days, rest = divmod(length, LIMIT_DAY_US)
    # Hours run in office hours alone; whole days keep the clock time of a reception on a day off (D3, D6).
    starts_at_work = unit == "hour" or (rest and not (unit == "day" and days))
    if starts_at_work and not is_working:
        day, clock = calendar.working_after(day, 1), office.hours.bounds[0]
    if days and unit == "day":
        day = calendar.plain_after(day, days) if office.skip_holidays else day + days
    elif days:
        day = calendar.working_after(day, days)
    day = calendar.working_from(day)
    return _run_hours(day, clock, rest, office) if rest else (day, clock)


def shifted(day: int, clock: int, hours: WorkingHours) -> tuple[int, int]:
    """Into office hours (D1, D2): after closing to the next day's opening, before it to opening, out of the break.

    The next day is the next calendar day: whether it counts is a matter of the limit.
    """
    opens, break_from, break_to, closes = hours.bounds
    if clock > closes:
        return day + 1, opens
    if clock < opens:
        return day, opens
    return day, break_to if break_from < clock < break_to else clock


def _run_hours(day: int, clock: int, rest: int, office: Office) -> tuple[int, int]:
    """Returns `rest` microseconds of office hours later, from a clock time in the office hours of a working day.

    What ends with a session ends then, not with the beginning of the next one.
    """
    opens, break_from, break_to, _ = office.hours.bounds
    worked = min(clock, break_from) - opens + max(0, clock - break_to) + rest
    days, worked = divmod(worked - 1, office.hours.length)
    worked += 1
    morning = break_from - opens
    clock = opens + worked if worked <= morning else break_to + worked - morning
    return (office.calendar.working_after(day, days) if days else day), clock


def moves_of(case: Case) -> tuple[list[Pause | Extension], datetime | None]:
    """Returns what moves the due instant, in the order of time, and since when a pause is open.

    Ended pauses, those that overlap or touch made one, stand at their end; after a pause that ends at its very
    instant the letter has the last word. What was asked or written before acceptance is left out: the due
    instant is computed again from acceptance (D9).
    """
    received = case.received_at
    assert received is not None
    merged: list[Pause] = []
    for pause in sorted(case.pauses, key=_begin):
        if pause.paused_at < received:
            continue
        last = merged[-1] if merged else None
        if last is None or (last.resumed_at is not None and last.resumed_at < pause.paused_at):
            merged.append(pause)
        elif last.resumed_at is not None and (pause.resumed_at is None or pause.resumed_at > last.resumed_at):
            merged[-1] = Pause(last.paused_at, pause.resumed_at)
    moves: list[tuple[datetime, int, Pause | Extension]] = [
        (pause.resumed_at, 0, pause) for pause in merged if pause.resumed_at is not None
    ]
    moves += [(e.extended_at, 1, e) for e in case.extensions if e.extended_at >= received]
    moves.sort(key=lambda move: move[:2])
    is_open = bool(merged) and merged[-1].resumed_at is None
    return [move[2] for move in moves], merged[-1].paused_at if is_open else None


def _begin(pause: Pause) -> datetime:
    return pause.paused_at


def _moved(
    at: tuple[int, int] | None, moves: Sequence[Pause | Extension], office: Office
) -> tuple[int, int] | None:
    for move in moves:
        if isinstance(move, Extension):
            at = _stated(move.due, office.hours)
        elif at is not None and move.resumed_at is not None:
            waited = waited_time(move.paused_at, move.resumed_at, office) // timedelta(microseconds=1)
            days, clock = divmod(at[1] + waited, DAY_US)
            day, clock = shifted(at[0] + days, clock, office.hours)
            at = office.calendar.working_from(day), clock
    return at


def waited_time(paused_at: datetime, resumed_at: datetime, office: Office) -> timedelta:
    """Returns the elapsed time that a pause adds to the due instant."""
    waited = resumed_at - paused_at
    return timedelta(days=waited.days) if office.pause_days == "whole" else waited


def _stated(due: datetime | date, hours: WorkingHours) -> tuple[int, int]:
    return _split(due) if isinstance(due, datetime) else (day_number(due), hours.bounds[3])


def _split(instant: datetime) -> tuple[int, int]:
    seconds = (instant.hour * 60 + instant.minute) * 60 + instant.second
    return day_number(instant), seconds * SECOND_US + instant.microsecond
