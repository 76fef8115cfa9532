"""Working time: days, office hours and promised times, over whole arrays at once.

Instants are whole seconds since 1970 in local time (Asia/Ho_Chi_Minh, without a zone); days are whole days since
1970. `NEVER` stands for what does not happen: it is later than any instant.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from assets.dimensions.calendar import date_frame

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

DAY, HOUR, MINUTE = 86_400, 3_600, 60
NEVER = 2**40  # some 34,000 years from 1970
OPENS, LUNCH, AFTERNOON, CLOSES = 7 * HOUR, 11 * HOUR + 1_800, 13 * HOUR + 1_800, 17 * HOUR
# A promise and its delays may reach beyond the period; a look at the days before it starts is needed as well.
_BEFORE, _AFTER = 60, 500
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Returns whole days since 1970."""
    return (day - _EPOCH).days


class Calendar:
    """The working days around a period."""

    def __init__(self, start: date, end: date) -> None:
        frame = date_frame(start - timedelta(days=_BEFORE), end + timedelta(days=_AFTER))
        self._first = day_number(start) - _BEFORE
        self._is_working: Bools = frame["is_working_day"].to_numpy()
        #: Day numbers of the working days, ascending.
        self._working: Ints = np.flatnonzero(self._is_working).astype(np.int64) + self._first
        self._count: Ints = np.cumsum(self._is_working).astype(np.int64)

    def is_working(self, days: Ints) -> Bools:
        """Returns whether each day is a working day."""
        works: Bools = self._is_working[days - self._first]
        return works

    def index(self, days: Ints) -> Ints:
        """Returns the place in the list of working days of the day itself, or of the last working day before it."""
        index: Ints = self._count[np.clip(days - self._first, 0, len(self._count) - 1)] - 1
        return index

    def day_at(self, index: Ints) -> Ints:
        """Returns the working day at a place in their list; beyond its end, the last one."""
        working_days: Ints = self._working[np.clip(index, 0, len(self._working) - 1)]
        return working_days

    def later(self, instants: Ints, working_days: Ints) -> Ints:
        """Returns the same clock time, that many working days later."""
        days, clock = np.divmod(instants, DAY)
        moved: Ints = self.day_at(self.index(days) + working_days) * DAY + clock
        return moved

    def start_of_work(self, received: Ints) -> Ints:
        """Returns when the time limit starts to run: after 17:00 at 7:00 of the next day, in the lunch break at its
        end.
        """
        days, clock = np.divmod(received, DAY)
        is_late = clock > CLOSES
        clock = np.where(is_late, OPENS, np.maximum(clock, OPENS))
        clock = np.where((clock > LUNCH) & (clock < AFTERNOON), AFTERNOON, clock)
        started: Ints = (days + is_late) * DAY + clock
        return started

    def due(self, received: Ints, limits: Ints) -> Ints:
        """Returns the promised time: `limits` working days later at the same clock time; 0: by 17:00 of a working
        day.
        """
        days, clock = np.divmod(self.start_of_work(received), DAY)
        wait = np.where(limits > 0, limits, ~self.is_working(days))
        promised: Ints = self.day_at(self.index(days) + wait) * DAY + np.where(limits > 0, clock, CLOSES)
        return promised
