"""The reporting months (15 to 14) of a period, cut to it, and what rests on an incomplete feed in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assets.reports.reading.figures import Figures


@dataclass(frozen=True)
class Month:
    """One reporting month: `month` names it, `first` and `last` are its days in the period.

    `last_day` is the place of its last day among the days that have figures, None where it has none of them.
    """

    month: date
    first: date
    last: date
    last_day: int | None
    is_incomplete: bool


def months(figures: Figures) -> Sequence[Month]:
    """In their order."""
    named = {row["reporting_month"]: row["date"] for row in figures.days}
    in_cells = {row["month"] for row in (*figures.sections.cells, *figures.sections.received) if row["month"]}
    places = {row["date"]: place for place, row in enumerate(figures.days)}
    missing = {row["day"] for row in figures.feeds}
    months = []
    for month in sorted(named.keys() | in_cells):
        first = max((month - timedelta(days=1)).replace(day=15), figures.request.date_from)
        last = min(month.replace(day=14), figures.counted_to)
        seen = named.get(month)
        months.append(
            Month(
                month,
                first,
                seen or last,
                places[seen] if seen else None,
                any(first <= day <= last for day in missing),
            )
        )
    return months
