"""What the detector tells: one series that is unusual on one working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Signal:
    """An unusual number of newly overdue dossiers, or an unusual stock of open overdue ones.

    `day` is the judged working day, the last one covered by exports; `window_days` the working days judged together
    up to it (1 or 5, 0 for a stock). Counts are dossiers; for a stock `expected` is the threshold.
    """

    kind: str  # "unit" | "unit_field" | "district" | "province" | "stock"
    unit_code: str
    unit_name: str
    field_code: str | None  # only for unit_field
    field_name: str | None
    day: date
    window_days: int
    observed: float
    expected: float
    p_value: float | None  # mid-p; None for a stock
    q_value: float | None  # Benjamini-Hochberg over the family of its kind
    severity: str  # "warning" | "critical"
