"""What an office corrects of one row. Not here: reading and applying it (`corrections.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Correction:
    """One entry; `field` is canonical, instants are naive local time (Asia/Ho_Chi_Minh). None: nothing stands there."""

    entry: str
    dossier_code: str
    field: str
    expect: str | None
    expect_at: datetime | None
    value: str
    value_at: datetime | None
    on: date
