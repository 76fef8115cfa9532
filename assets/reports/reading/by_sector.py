"""Form II.06 by sector of procedures: what each unit has in each sector, and whether it adds up to the form by unit.

Of a unit that was divided on 1/7/2025 nobody knows which dossier is whose now. What a unit of today has of it is an
estimate of whole dossiers, in a single row without a sector, so that the sectors add up to the unit and none is made up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from assets.reports.reading.figures import Figures
from assets.reports.statements.queries import number
from assets.reports.statements.rows import CountsRow, FormSectorRow, LevelSectorRow

#: Columns 1 to 11 of the form.
COUNTS = (
    *("received_total", "received_online", "received_direct_postal", "carried_over"),
    *("resolved_total", "resolved_early", "resolved_on_time", "resolved_late"),
    *("pending_total", "pending_in_time", "pending_overdue"),
)
#: What stands for the sector: of procedures without one, and of estimated shares.
WITHOUT_SECTOR, ESTIMATED = "", "\uffff"
#: From the top, as the form lists them.
LEVELS = ("province", "district", "commune", "unknown")


def unit_sectors(figures: Figures) -> list[FormSectorRow]:
    """Returns one row per unit of the form and sector with something to count, in the order of the form: COUNTS by
    field_name.
    """
    units = {(row["unit_code"], row["valid_from"]): row for row in figures.form}
    heirs = {
        (row["unit_code"], row["valid_from"]): (row["heir_code"], row["heir_valid_from"], row["is_whole"])
        for row in figures.heirs
    }
    counted: dict[tuple[Any, Any], dict[str, dict[str, int]]] = {unit: {} for unit in units}
    names: dict[tuple[Any, Any], tuple[str, str]] = {
        unit: (row["unit_name"], row["level"]) for unit, row in units.items()
    }
    unit: tuple[Any, Any]
    for row in figures.form_sector:
        unit = (row["unit_code"], row["valid_from"])
        if unit in heirs:
            *heir, is_whole = heirs[unit]
            if not is_whole:
                continue  # its shares are what remains below
            unit = (heir[0], heir[1])
        # Not on the form when what was taken back in one sector was made good in another.
        names.setdefault(unit, (row["unit_name"], row["level"]))
        _add(counted.setdefault(unit, {}).setdefault(row["field_name"], dict.fromkeys(COUNTS, 0)), row)
    for unit, of_form in units.items():
        if of_form.get("is_estimate"):
            known = _summed(counted[unit].values())
            rest = {name: number(of_form, name) - known[name] for name in COUNTS}
            if any(rest.values()):
                counted[unit][ESTIMATED] = rest
    return [
        FormSectorRow(
            unit_code=unit[0],
            valid_from=unit[1],
            unit_name=names[unit][0],
            level=names[unit][1],
            field_name=name,
            **_counts(sectors[name]),
        )
        for unit, sectors in counted.items()
        for name in sorted(sectors, key=_in_order)
    ]


def level_sectors(rows: Iterable[LevelSectorRow | FormSectorRow]) -> list[LevelSectorRow]:
    """Returns the same by level of the units and sector, from the top."""
    counted: dict[str, dict[str, dict[str, int]]] = {level: {} for level in LEVELS}
    for row in rows:
        sectors = counted[row["level"] if row["level"] in counted else LEVELS[-1]]
        _add(sectors.setdefault(row["field_name"], dict.fromkeys(COUNTS, 0)), row)
    return [
        LevelSectorRow(level=level, field_name=name, **_counts(sectors[name]))
        for level, sectors in counted.items()
        for name in sorted(sectors, key=_in_order)
    ]


def total(rows: Iterable[CountsRow]) -> CountsRow:
    """COUNTS over all rows."""
    return _counts(_summed(rows))


def _summed(rows: Iterable[Mapping[str, object]]) -> dict[str, int]:
    counts = dict.fromkeys(COUNTS, 0)
    for row in rows:
        _add(counts, row)
    return counts


def _counts(sums: Mapping[str, int]) -> CountsRow:
    return cast(CountsRow, dict(sums))


def disagreeing_units(figures: Figures, rows: Sequence[FormSectorRow]) -> list[str]:
    """Returns names of units of which the sectors (`unit_sectors`) do not add up to the form."""
    units = {(row["unit_code"], row["valid_from"]): row for row in figures.form}
    sums: dict[tuple[Any, Any], dict[str, int]] = {unit: dict.fromkeys(COUNTS, 0) for unit in units}
    names = {unit: row["unit_name"] for unit, row in units.items()}
    for row in rows:
        unit = (row["unit_code"], row["valid_from"])
        names.setdefault(unit, row["unit_name"])
        _add(sums.setdefault(unit, dict.fromkeys(COUNTS, 0)), row)
    return [
        names[unit]
        for unit, counts in sums.items()
        if any(counts[name] != (number(units[unit], name) if unit in units else 0) for name in COUNTS)
    ]


def _add(to: dict[str, int], row: Mapping[str, object]) -> None:
    for name in COUNTS:
        to[name] += number(row, name)


def _in_order(name: str) -> tuple[bool, bool, str, str]:
    """As a Vietnamese list goes, what has no sector last."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d\u0335"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter) or letter == "\u0335")
    return (name == ESTIMATED, name == WITHOUT_SECTOR, plain, name)


def whatever_the_level(sectors: Sequence[FormSectorRow]) -> list[LevelSectorRow]:
    """Returns the form by sector alone, as rows of one level."""
    return level_sectors(cast(FormSectorRow, {**row, "level": "unknown"}) for row in sectors)


def intake(row: CountsRow) -> int:
    """Returns what was received in the period, without what was carried over."""
    return int(row["received_online"] + row["received_direct_postal"])
