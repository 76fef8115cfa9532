"""What the detector judges: newly overdue dossiers and dossiers falling due, by series and working day.

A dossier that is not finished on its due date is overdue from the day after it (ii06 compares dates). What becomes
overdue on a day off counts with the next working day, so the count of a working day is made of the dossiers that
were due on the working day before it and the days off in between; so is what falls due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection

from assets.alerts.settings import DAYS_READ
from warehouse_sql.frames import copy_out
from warehouse_sql.sql_files import statements_of_file

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
        """What its rate is shrunk to: its kind in its province, and the sector."""
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
    stocks: tuple[Stock, ...] = ()


def make_days(calendar: Iterable[tuple[date, bool, bool, bool]], start: date) -> Days:
    """Returns the working days from `start` on of rows (date, is_working_day, is_holiday, is_whole), by date.

    Rows before `start` tell whether the first working day comes after a holiday. A working day is whole when it and the
    days off before it are.
    """
    days: list[date] = []
    after: list[bool] = []
    whole: list[bool] = []
    holiday_before, whole_before = False, True
    for day, is_working, is_holiday, is_whole in calendar:
        if not is_working:
            holiday_before, whole_before = holiday_before or is_holiday, whole_before and is_whole
            continue
        if day >= start:
            days.append(day)
            after.append(holiday_before)
            whole.append(whole_before and is_whole)
        holiday_before, whole_before = False, True
    return Days(tuple(days), np.array(after, np.bool_), np.array(whole, np.bool_))


def read_series(connection: Connection, through: date, days: int = DAYS_READ) -> Series:
    """Returns what the warehouse holds for the working days among the last `days` calendar days up to and with
    `through`.

    `through` is the last day covered by exports; rule set ii06. What became overdue on days off after the last working
    day belongs to the next one and is left out.
    """
    calendar = _read(connection, "alert/day.sql", through=through, days=days).rows()
    start = calendar[-min(days, len(calendar))][0] if calendar else through
    working_days = make_days(calendar, start)
    if not working_days.day:
        return _empty(working_days)
    flow = _read(connection, "alert/flow.sql", first_on=working_days.day[0], last_on=working_days.day[-1])
    units = {
        (row["unit_code"], row["valid_from"]): row
        for row in _read(connection, "alert/unit.sql").iter_rows(named=True)
    }
    sectors = dict(_read(connection, "alert/sector_name.sql").iter_rows())
    stocks = tuple(
        Stock(row["unit_code"], row["unit_name"], row["unit_valid_from"], row["overdue_open"], row["pending"])
        for row in _read(connection, "alert/stock.sql", through=through).iter_rows(named=True)
    )
    return _series(flow, working_days, units, sectors, stocks)


def _read(connection: Connection, name: str, **parameters: Any) -> pl.DataFrame:
    (statement,) = statements_of_file(name)
    return copy_out(connection, statement, **parameters)


def _empty(days: Days) -> Series:
    none = np.zeros((0, len(days.day)), np.int32)
    return Series((), days, none, none)


_Unit = dict[str, Any]
_UnitKey = tuple[str, date]
_CELL = ("unit_code", "unit_valid_from", "field_code")


def _series(
    flow: pl.DataFrame,
    days: Days,
    units: dict[_UnitKey, _Unit],
    sectors: dict[str, str],
    stocks: tuple[Stock, ...],
) -> Series:
    """Returns flows by unit and sector, added up for each key they count for."""
    cells = flow.select(_CELL).unique().sort(_CELL)
    by_cell = _by_cell(flow, cells, days)
    above = _units_above(cells, units)
    rows: dict[Key, list[int]] = {}
    for place, (code, valid_from, field_code) in enumerate(cells.iter_rows()):
        unit = units[code, valid_from]
        keys = [_key("unit", unit), _key("unit_field", unit, field_code, sectors.get(field_code, field_code))]
        for key in keys + above[code, valid_from]:
            rows.setdefault(key, []).append(place)
    # Codes, not names: a name may be written otherwise tomorrow.
    ordered = sorted(rows, key=lambda k: (k.kind, k.unit_code, k.unit_valid_from, k.field_code or ""))
    newly, due = (
        np.array([counts[rows[key]].sum(axis=0) for key in ordered], np.int32).reshape(
            len(ordered), len(days.day)
        )
        for counts in by_cell
    )
    return Series(tuple(ordered), days, newly, due, stocks)


def _by_cell(flow: pl.DataFrame, cells: pl.DataFrame, days: Days) -> tuple[Counts, Counts]:
    """Returns newly overdue and due with a row per cell and a column per day."""
    column = pl.DataFrame({"told_on": days.day}, schema={"told_on": pl.Date}).with_row_index("column")
    placed = flow.join(cells.with_row_index("row"), on=_CELL).join(column, on="told_on")
    where = (placed["row"].to_numpy(), placed["column"].to_numpy())
    by_measure = []
    for name in ("newly", "due"):
        counts = np.zeros((cells.height, len(days.day)), np.int32)
        counts[where] = placed[name].to_numpy()
        by_measure.append(counts)
    return by_measure[0], by_measure[1]


def _units_above(cells: pl.DataFrame, units: dict[_UnitKey, _Unit]) -> dict[_UnitKey, list[Key]]:
    """Returns the districts and provinces that each unit counts for; none of which it is the only one.

    The list since 1/7/2025 has no districts.
    """
    above_unit: dict[_UnitKey, list[Key]] = {}
    for code, valid_from in cells.select(_CELL[:2]).unique().sort(_CELL[:2]).iter_rows():
        unit = units[code, valid_from]
        district = code if unit["level"] == "district" else unit["parent_code"]
        above = [("district", district), ("province", unit["province_code"])]
        above_unit[code, valid_from] = [
            _key(kind, units[name, valid_from])
            for kind, name in above
            if (name, valid_from) in units and units[name, valid_from]["level"] == kind
        ]
    shared = Counter(key for keys in above_unit.values() for key in keys)
    return {unit: [key for key in keys if shared[key] > 1] for unit, keys in above_unit.items()}


def _key(kind: str, unit: _Unit, field_code: str | None = None, field_name: str | None = None) -> Key:
    return Key(
        kind=kind,
        unit_code=unit["unit_code"],
        unit_name=unit["unit_name"],
        province_code=unit["province_code"] or "",
        unit_valid_from=unit["valid_from"],
        field_code=field_code,
        field_name=field_name,
    )
