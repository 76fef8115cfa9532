"""What a sheet with a list holds: its texts, its columns and its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic

from assets.reports.statements.queries import R

#: Heading (a text of the catalogue), width, and what stands in the cell: text, a date, an instant or a number.
Column = tuple[str, float, Callable[[R], Any]]


@dataclass(frozen=True)
class List(Generic[R]):
    """One list: names of its texts, its columns and its rows; `count` where there are more of them than were read."""

    sheet: str
    title: str
    note: str
    columns: Sequence[Column[R]]
    rows: Sequence[R]
    count: int | None = None


def day(value: datetime | None) -> date | None:
    """Returns the day of an instant."""
    return value.date() if value else None


def minute(value: datetime | None) -> datetime | None:
    """Returns an instant without its zone, which is Vietnam's, and without seconds."""
    return value.replace(tzinfo=None, second=0, microsecond=0) if value else None
