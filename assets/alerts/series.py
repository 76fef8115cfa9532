"""What the detector judges: newly overdue dossiers and dossiers falling due, by series and working day.

A dossier that is not finished on its due date is overdue from the day after it (ii06 compares dates). What becomes
overdue on a day off is told with the next working day, so the count of a working day is made of the dossiers that
were due on the working day before it and the days off in between; so is what falls due.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class Key:
    """Whose numbers a series holds."""

    kind: str  # unit | unit_field | district | province
    unit_code: str
    unit_name: str
    province_code: str
    unit_valid_from: date = date(1900, 1, 1)
    field_code: str | None = None
    field_name: str | None = None

    @property
    def pool(self) -> tuple[str, str]:
        """What its rate is shrunk to: its kind in its province, and the field."""
        return ("" if self.kind == "province" else self.province_code, self.field_code or "")


@dataclass(frozen=True)
class Days:
    """Working days, ascending. `is_after_holiday`: the first one after a public holiday; `is_whole`: all feeds came."""

    day: tuple[date, ...]
    is_after_holiday: NDArray[np.bool_]
    is_whole: NDArray[np.bool_]


@dataclass(frozen=True)
class Stock:
    """Open dossiers of a unit at the end of the last day covered, and how many of them are overdue."""

    unit_code: str
    unit_name: str
    unit_valid_from: date
    overdue: int
    pending: int


@dataclass(frozen=True)
class Series:
    """`newly` and `due` have a row per key and a column per day."""

    keys: tuple[Key, ...]
    days: Days
    newly: Counts  # newly overdue dossiers
    due: Counts  # dossiers that fell due since the working day before, as promised before that due day began
    stocks: tuple[Stock, ...] = field(default=())
