"""What the detector hands on: one unusual thing on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Signal:
    """One unit (or unit and field, old district, province) whose overdue dossiers are out of the ordinary."""

    kind: str  # "unit" | "unit_field" | "district" | "province" | "stock"
    unit_code: str
    unit_name: str
    field_code: str | None  # only for unit_field
    field_name: str | None
    day: date  # the judged working day (the last day covered by exports)
    window_days: int  # 1 or 5 working days (0 for stock)
    observed: float  # newly overdue in the window (stock: open overdue)
    expected: float  # baseline for the window (stock: the threshold)
    p_value: float | None  # mid-p; None for stock
    q_value: float | None  # Benjamini-Hochberg over the family of its kind
    severity: str  # "warning" | "critical"
