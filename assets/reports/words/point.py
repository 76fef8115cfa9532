"""What stands in a report on one point of an inspection: a sentence, and the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """One point: its sentence, and the rows of its table, by the columns that `points.POINT_COLUMNS` has of it."""

    text: str
    rows: Sequence[Mapping[str, str]] = ()
