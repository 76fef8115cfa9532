"""Working days as look-up arrays, and office hours: what a time limit is counted in.

Built from the same days as core.dim_date (`calendar.date_frame`). Days are whole days since 1970-01-01, clock
times microseconds since midnight, both local (Asia/Ho_Chi_Minh, without a zone). Not here: what a limit means
(`assets/facts/deadline.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.dimensions.calendar import date_frame, load_overrides
from assets.given.office_file import OfficeFileError
from warehouse_sql.messages import message

Ints = NDArray[np.int64]

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
DAY_US = 24 * HOUR_US

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class CalendarRangeError(ValueError):
    """A day is asked for that the calendar does not hold. The message names the day and the range."""


def day_number(day: date) -> int:
    """Returns whole days since 1970-01-01; of an instant, those of its day."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> date:
    """Returns the date of a day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


@dataclass(frozen=True)
class WorkingHours:
    """Office hours of a working day: one session, or two with a break between them, each (from, to).

    The bounds belong to the session: at 11:30:00 the morning is not over yet, a microsecond later it is.
    With one session the break has no length and lies before it, so no clock time is in it.
    """

    sessions: tuple[tuple[time, time], ...] = ((time(7), time(11, 30)), (time(13, 30), time(17)))

    def __post_init__(self) -> None:
        bounds = [bound for session in self.sessions for bound in session]
        if len(self.sessions) not in (1, 2) or any(a >= b for a, b in pairwise(bounds)):
            hours = ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in self.sessions)
            raise ValueError(
                f"Office hours are one session, or two one after the other, not {hours or 'none'}."
            )

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """Opens, break from, break to, closes; microseconds since midnight."""
        clocks = [clock_of(bound) for session in self.sessions for bound in session]
        opens, closes = clocks[0], clocks[-1]
        break_from, break_to = (clocks[1], clocks[2]) if len(clocks) == 4 else (opens, opens)
        return opens, break_from, break_to, closes

    @cached_property
    def length(self) -> int:
        """Working time of a day in microseconds."""
        opens, break_from, break_to, closes = self.bounds
        return break_from - opens + closes - break_to


def working_hours(written: str) -> WorkingHours:
    """Returns "07:00-11:30, 13:30-17:00" as office hours. Raises OfficeFileError for anything else."""
    try:
        sessions = []
        for session in written.split(","):
            start, end = session.split("-")
            sessions.append((time.fromisoformat(start.strip()), time.fromisoformat(end.strip())))
        return WorkingHours(tuple(sessions))
    except ValueError:
        raise OfficeFileError(
            message(
                "MOTCUA_OFFICE_HOURS “{written}” không phải giờ làm việc; cần một hoặc hai buổi nối tiếp nhau, "
                "ví dụ “07:00-11:30, 13:30-17:00”.",
                written=written,
            )
        ) from None


def clock_of(moment: time) -> int:
    """Returns microseconds since midnight."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * SECOND_US + moment.microsecond


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """The days from `first` on, without a gap; `names` holds the names of holidays and of days worked in exchange.

    A day is a working day from Monday to Friday unless it is a holiday, or a day off that is worked in exchange.
    """

    first: int
    is_working: tuple[bool, ...]
    is_holiday: tuple[bool, ...]
    is_makeup: tuple[bool, ...]
    names: tuple[str | None, ...]

    @cached_property
    def size(self) -> int:
        """Number of days held."""
        return len(self.is_working)

    @cached_property
    def working(self) -> list[int]:
        """Day numbers of the working days, ascending."""
        return [self.first + place for place, works in enumerate(self.is_working) if works]

    @cached_property
    def working_count(self) -> list[int]:
        """Per day: working days up to and including it."""
        return list(accumulate(map(int, self.is_working)))

    @cached_property
    def plain(self) -> list[int]:
        """Day numbers of the days that are no holidays (weekends are among them), ascending."""
        return [self.first + place for place, rests in enumerate(self.is_holiday) if not rests]

    @cached_property
    def plain_count(self) -> list[int]:
        """Per day: days that are no holidays, up to and including it."""
        return list(accumulate(int(not rests) for rests in self.is_holiday))

    @cached_property
    def arrays(self) -> dict[str, Ints]:
        """`working`, `working_count`, `plain` and `plain_count` as arrays, by name."""
        names = "working", "working_count", "plain", "plain_count"
        return {name: np.array(getattr(self, name), dtype=np.int64) for name in names}

    def place(self, day: int) -> int:
        """Returns where a day stands in the look-ups."""
        place = day - self.first
        if not 0 <= place < self.size:
            raise self.out_of_range(day)
        return place

    def working_after(self, day: int, count: int) -> int:
        """Returns the `count`-th working day after a day; `count` is at least 1."""
        place = self.working_count[self.place(day)] - 1 + count
        if place >= len(self.working):
            raise self.out_of_range(day + count)
        return self.working[place]

    def working_from(self, day: int) -> int:
        """Returns the day itself if it is a working day, else the next one."""
        return day if self.is_working[self.place(day)] else self.working_after(day, 1)

    def plain_after(self, day: int, count: int) -> int:
        """Returns the `count`-th day after a day, holidays not counted; `count` is at least 1."""
        place = self.plain_count[self.place(day)] - 1 + count
        if place >= len(self.plain):
            raise self.out_of_range(day + count)
        return self.plain[place]

    def out_of_range(self, day: int) -> CalendarRangeError:
        """Returns the error for a day beyond the calendar."""
        first, last = day_of(self.first), day_of(self.first + self.size - 1)
        try:
            asked = f"{day_of(day)}"
        except (ValueError, OverflowError):
            asked = f"a day {abs(day)} days {'before' if day < 0 else 'after'} 1970"
        return CalendarRangeError(f"The calendar holds {first} to {last}; {asked} is asked for.")


def work_calendar(start: date, end: date, overrides: Path | None = None) -> WorkCalendar:
    """Returns the calendar from `start` to `end`, both included; `overrides` as for `date_frame`.

    Leave room after the last reception: a limit, a pause or Tết may reach far beyond it.
    """
    entries = load_overrides() + (load_overrides(overrides) if overrides else [])
    worked = {entry.day: entry.name for entry in entries if entry.kind == "worked"}
    return calendar_of(date_frame(start, end, overrides), worked)


def calendar_of(days: pl.DataFrame, worked_names: dict[date, str] | None = None) -> WorkCalendar:
    """Returns the calendar of a frame shaped like core.dim_date, one row per day, in any order, without a gap.

    The frame has no names for days worked in exchange: such a name is taken from `worked_names`, else from the
    holiday whose own name says that it replaces the day.
    """
    days = days.sort("date")
    dates = days["date"].to_list()
    if not dates or dates[-1] - dates[0] != timedelta(days=len(dates) - 1):
        raise ValueError("A calendar needs at least one day, each day once, and none left out.")
    makeup = days["is_makeup_workday"].to_list()
    holiday_names = days["holiday_name"].to_list()
    replaced = dict(zip(dates, holiday_names, strict=True))
    known = worked_names or {}
    names = [
        known.get(day) or _makeup_name(day, replaced) if is_makeup else name
        for day, is_makeup, name in zip(dates, makeup, holiday_names, strict=True)
    ]
    return WorkCalendar(
        first=day_number(dates[0]),
        is_working=tuple(days["is_working_day"].to_list()),
        is_holiday=tuple(days["is_holiday"].to_list()),
        is_makeup=tuple(makeup),
        names=tuple(names),
    )


def _makeup_name(day: date, holiday_names: dict[date, str | None]) -> str:
    written = f"{day:%d/%m/%Y}"
    for other, name in holiday_names.items():
        if name and written in name:
            return f"Làm bù cho ngày {other:%d/%m/%Y}"
    return "Ngày làm bù"
