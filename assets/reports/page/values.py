"""Figures by name, unit and month, as the page writes them; `templates/page.js` says the same for a chosen sector.

An expression is a figure, `form.resolved_late`, or a share, `form.timely/form.resolved_total`; behind it `@3` for one
month of the period (its place), `!` for a cell that is tinted by its share and `‰` for a share of a thousand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assets.reports.reading.figures import Figures
from assets.reports.reading.months import Month
from assets.reports.statements.queries import number
from assets.reports.words.texts import Manner

#: All units, the divided ones among them (these are None).
ALL = "all"
_RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late", "resolved_untimed")
#: From so many per mille on a share has this tint, the faintest first; the last one is for less.
TINTS = (990, 970, 940, 900)
_PER_THOUSAND = "‰"
_BEFORE = -1

Unit = int | str | None
_Sums = dict[tuple[Unit, int | None], Counter[str]]


class Values:
    """Sums of the cells of a report. Months are places in `months`, -1 is all before the period."""

    def __init__(self, figures: Figures, months: Sequence[Month]) -> None:
        s = figures.sections
        self._manner = Manner(figures.request.lang)
        places = {month.month: place for place, month in enumerate(months)} | {None: _BEFORE}
        self._cubes = {
            "flow": _sums(s.cells, places),
            "line": _sums(s.line_cells),
            "received": _sums(s.received, places),
            "portal": _sums(s.portal_cells),
            "edited": _sums(edited_cells(figures)),
        }
        unit_nos = {(row["unit_code"], row["valid_from"]): row["unit_no"] for row in s.units}
        self._form = {unit_nos.get((row["unit_code"], row["valid_from"])): row for row in figures.form}

    def shown(self, expression: str, unit: Unit = ALL) -> str:
        """Returns the figure or share as the page writes it."""
        names, month = _parts(expression)
        numbers = [self.number(name, unit, month) for name in names]
        if len(numbers) == 1:
            return self._manner.number(numbers[0])
        write = self._manner.per_thousand if expression.endswith(_PER_THOUSAND) else self._manner.percent
        return write(*numbers)

    def tint(self, expression: str, unit: Unit = ALL) -> str:
        """Returns the class of a cell: how low its share is."""
        names, month = _parts(expression)
        if not expression.endswith("!"):
            return "n"
        part, whole = (self.number(name, unit, month) for name in names)
        if not whole:
            return "n"
        return f"n tint{sum(1000 * part < least * whole for least in TINTS)}"

    def number(self, name: str, unit: Unit = ALL, month: int | None = None) -> int:
        """Returns one figure."""
        cube, figure = name.split(".")
        if cube == "base":  # all that was received by the end of the period
            return sum(self._intake(unit, at) for at in (_BEFORE, None))
        if cube == "form":
            return self._of_form(figure, unit, month)
        return self._cubes[cube].get((unit, month), Counter())[figure]

    def _of_form(self, figure: str, unit: Unit, month: int | None) -> int:
        if figure == "timely":
            return self._of_form("resolved_early", unit, month) + self._of_form(
                "resolved_on_time", unit, month
            )
        if month is not None:
            counted = self._cubes["flow"].get((unit, month), Counter())
            return sum(counted[name] for name in _RESOLVED) if figure == "resolved_total" else counted[figure]
        rows = self._form.values() if unit == ALL else [self._form[unit]] if unit in self._form else []
        if figure == "intake":
            return sum(row["received_online"] + row["received_direct_postal"] for row in rows)
        return sum(number(row, figure) for row in rows)

    def _intake(self, unit: Unit, month: int | None) -> int:
        counted = self._cubes["flow"].get((unit, month), Counter())
        return counted["received_online"] + counted["received_direct_postal"]

    def has_any(self, cube: str, unit: Unit) -> bool:
        """Returns whether a unit has anything at all in a cube, the form included."""
        if cube == "form":
            return unit in self._form
        return any(self._cubes[cube].get((unit, None), Counter()).values())


def edited_cells(figures: Figures) -> list[dict[str, Any]]:
    """Returns how often what was changed by unit and sector, one kind in each row."""
    return [
        {
            "unit_no": row["unit_no"],
            "sector_no": row["sector_no"],
            row["kinds"][0]: row["listed"],
            "times": row["listed"],
        }
        for row in figures.counts_of("edited")
    ]


def _parts(expression: str) -> tuple[list[str], int | None]:
    names, _, month = expression.rstrip("!" + _PER_THOUSAND).partition("@")
    return names.split("/"), int(month) if month else None


def _sums(rows: Iterable[Mapping[str, Any]], months: dict[Any, int] | None = None) -> _Sums:
    """Returns counts by unit (and all) and month (and the whole period, None)."""
    cells: _Sums = defaultdict(Counter)
    for row in rows:
        cell = cells[(row["unit_no"], None if months is None else months[row["month"]])]
        for name, value in row.items():
            if isinstance(value, int) and name not in ("unit_no", "sector_no"):
                cell[name] += value
    sums: _Sums = defaultdict(Counter)
    for (unit_no, month), counts in cells.items():
        for unit in (unit_no, ALL):
            # before the period is no part of it
            for at in {month} if month == _BEFORE else {month, None}:
                sums[(unit, at)].update(counts)
    return dict(sums)
