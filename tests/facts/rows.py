"""Small frames for tests of the fold: rows written by hand, and frames as rows to compare them with.

Instants and days are of July 2023: "17 09:00" and "17"; "31/12" is another month of that year, "∞" is NEVER. The type of a
column goes by its name.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from assets.sources.canonical import DOSSIER_ATTRIBUTES, STATED

_INSTANT = pl.Datetime("us")
_NEVER, _LONG_AGO = 1 << 60, -(1 << 60)
_BEGINNING = datetime(1970, 1, 1)
_TYPES: dict[str, Any] = {
    **{each.name: each.type for each in DOSSIER_ATTRIBUTES},
    **dict.fromkeys(("life", "row", "run"), pl.UInt32),
    **dict.fromkeys(("n", "k", "rank", "file_id", "unit_key", "procedure_key"), pl.Int64),
    **dict.fromkeys(("worked", "worked_before", "working_minutes", "began_working_minute"), pl.Int64),
    **dict.fromkeys(("tier", "life_tier"), pl.Int32),
    **dict.fromkeys(
        ("priority", "state_rank", "waits_for", "span_number", "life_order", "quantity"), pl.Int16
    ),
    **dict.fromkeys(("rule_sets", "old_status", "new_status", "request_number"), pl.Int16),
    **dict.fromkeys(("flags", "other_codes"), pl.List(pl.String)),
    **dict.fromkeys(
        ("unit_valid_from", "list_from", "complete_from", "complete_to", "stands_from", "date"), pl.Date
    ),
    **dict.fromkeys(("received_on", "event_on", "resolved_on", "settled_on"), pl.Date),
    **dict.fromkeys(
        ("known_from", "known_to", "effective_from", "first_from", "next_from", "previous_from"), _INSTANT
    ),
    **dict.fromkeys(
        ("valid_from", "valid_to", "at", "last_seen_before", "when", "moment", "last_repeat"), _INSTANT
    ),
    **dict.fromkeys(("stated_received_at", "old_value", "new_value", "due_before", "due_after"), _INSTANT),
    **dict.fromkeys(("covers_unreceived", "waits_by_step"), pl.Boolean),
    "online_limit_value": pl.Float64,
    "minute": pl.Time,
    "says": pl.String,
}


def type_of(name: str) -> Any:
    """Returns the type of a column of that name."""
    if name in _TYPES:
        return _TYPES[name]
    if name.endswith("status"):
        return pl.Int16
    if name.startswith(("is_", "has_")) or name.endswith("_has_clock"):
        return pl.Boolean
    return _INSTANT if name.endswith("_at") else pl.String


def frame(columns: str, *rows: tuple[object, ...]) -> pl.DataFrame:
    """Returns a frame of these columns, separated by blanks."""
    names = columns.split()
    if any(len(row) != len(names) for row in rows):
        raise ValueError(columns)
    return pl.DataFrame([_series(name, [row[place] for row in rows]) for place, name in enumerate(names)])


def shown(rows: pl.DataFrame, columns: str) -> list[tuple[Any, ...]]:
    """Returns the rows as tuples of these columns, instants and days as `frame` takes them."""
    return [tuple(row) for row in zip(*(_written(rows[name]) for name in columns.split()), strict=True)]


def statements(*rows: dict[str, object]) -> pl.DataFrame:
    """Returns statements as of history.dossier_version: each of iGate of the 17th unless it says otherwise, about dossier A,
    received at 09:00 of that day and due at 09:00 of the next.
    """
    return pl.DataFrame([_statement(row) for row in rows], schema=_statement_schema())


def sources(*names: str) -> pl.DataFrame:
    """Returns these sources of core.dim_source, all of them if none is named."""
    rows = [("angiang", "provincial", 20), ("dvcqg", "national", 10), ("igate", "provincial", 10)]
    return frame("source portal priority", *(row for row in rows if not names or row[0] in names))


def files(columns: str = "") -> pl.DataFrame:
    """Returns file 1, with every column or those named."""
    names = columns.split() or [each.name for each in DOSSIER_ATTRIBUTES]
    return frame("file_id columns", (1, f",{','.join(names)},"))


def instant(written: str) -> datetime:
    """Returns "17 09:00" as an instant."""
    day, _, clock = written.partition(" ")
    return datetime.combine(_day(day), time.fromisoformat(clock or "00:00"))


def _statement(row: dict[str, object]) -> dict[str, Any]:
    given: dict[str, object] = {
        "status": 4,
        "received_at": "17 09:00",
        "due_at": "18 09:00",
        "effective_from": "17 18:30",
    }
    given |= {
        "dossier_code": "A",
        "source": "igate",
        "state_rank": 0,
        "file_rank": "",
        "file_id": 1,
        "flags": [],
    }
    given |= row
    given.setdefault("state_at", given["effective_from"])
    given.setdefault("known_from", given["effective_from"])
    return {
        name: instant(value)
        if kind == _INSTANT and isinstance(value := given.get(name), str)
        else given.get(name)
        for name, kind in _statement_schema().items()
    }


def _statement_schema() -> dict[str, Any]:
    own = (
        "dossier_code",
        "source",
        "effective_from",
        "state_at",
        "state_rank",
        "file_rank",
        "known_from",
        "file_id",
        "flags",
    )
    return {name: type_of(name) for name in (*own, *STATED)}


def _day(written: str) -> date:
    day, month, year = (
        [*re.split("/", written), "7", "2023"] if "/" not in written else [*written.split("/"), "2023"]
    )[:3]
    return date(int(year), int(month), int(day))


def _series(name: str, values: list[Any]) -> pl.Series:
    kind = type_of(name)
    if kind == _INSTANT:
        return pl.Series(name, [_microseconds(value) for value in values], dtype=pl.Int64).cast(kind)
    if kind == pl.Date:
        values = [_day(value) if isinstance(value, str) else value for value in values]
    if kind == pl.Time:
        values = [time.fromisoformat(value) for value in values]
    return pl.Series(name, values, dtype=kind)


def _microseconds(written: str | None) -> int | None:
    if written is None:
        return None
    if written == "∞":
        return _NEVER
    return (instant(written) - _BEGINNING) // timedelta(microseconds=1)


def _written(column: pl.Series) -> list[Any]:
    if column.dtype == _INSTANT:
        return [_instant_written(value) for value in column.cast(pl.Int64)]
    if column.dtype == pl.Date:
        return [value and _day_written(value) for value in column]
    return column.to_list()


def _instant_written(value: int | None) -> str | None:
    if value is None or value in (_NEVER, _LONG_AGO):
        return {None: None, _NEVER: "∞", _LONG_AGO: "-∞"}[value]
    moment = _BEGINNING + timedelta(microseconds=value)
    return f"{_day_written(moment.date())} {moment:%H:%M}"


def _day_written(day: date) -> str:
    return (
        f"{day:%d}"
        if (day.year, day.month) == (2023, 7)
        else f"{day:%d/%m}"
        if day.year == 2023
        else f"{day:%d/%m/%Y}"
    )
