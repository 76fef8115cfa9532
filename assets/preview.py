"""What a change of reference data would move, before it is applied: the archive is replayed with it in a database on the side.

Compared with the live warehouse: each dossier's unit, procedure, due dates and status, and form II.06 of the last reporting
period, by units as they were and rolled into those of today. The live warehouse is only read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, text

from assets.dimensions.catalogue_import import plan_import, take_over
from assets.given.archive import Archive
from assets.given.office_file import OfficeFiles
from assets.rebuild import Progress, finish_waiting, replay_next_to
from assets.sources.source import Source
from warehouse_sql.frames import read_frame
from warehouse_sql.sql_files import statements_of_file

#: What of a dossier is compared, in the order in which it is shown.
COMPARED = ("unit_code", "procedure_code", "due_at", "computed_due_at", "status")
_UNIT = ["unit_code", "valid_from"]
_NO_FIGURES = (*_UNIT, "unit_name", "is_estimate", "estimated_from")


@dataclass(frozen=True)
class Catalogue:
    """A catalogue of procedures that would be taken over."""

    content: bytes
    file_name: str
    valid_from: date
    at: datetime


@dataclass(frozen=True)
class Preview:
    """What would move: dossiers by what changes of them, the first of these, and units whose figures of the period change."""

    period: tuple[date, date] | None
    counts: Mapping[str, int]
    dossiers: pl.DataFrame
    figures: list[dict[str, Any]]
    figures_of_today: list[dict[str, Any]]


def preview(
    engine: Engine,
    side: Engine,
    archive: Archive,
    sources: Mapping[str, Source],
    office: OfficeFiles,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> Preview:
    """Returns what differs when the archive is replayed into the empty, migrated `side` with this reference data."""
    replay_next_to(engine, side, archive, sources, progress, office)
    if catalogue:
        _take_over(side, catalogue)
        finish_waiting(side, progress)
    with engine.connect() as live, side.connect() as changed:
        moved = _moved(_dossiers(live), _dossiers(changed))
        period = _last_period(live)
        figures, of_today = (
            _figures(_form(live, statement, period), _form(changed, statement, period)) if period else []
            for statement in statements_of_file("ops/preview.sql")[2:]
        )
    counts = {name: int(moved[f"{name}_moves"].sum()) for name in COMPARED}
    return Preview(period, counts, moved, figures, of_today)


def _take_over(side: Engine, catalogue: Catalogue) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with side.begin() as connection:
            plan = plan_import(connection, catalogue.content, catalogue.file_name, catalogue.valid_from)
        take_over(side, Archive(Path(folder)), plan, catalogue.at)


def _dossiers(connection: Connection) -> pl.DataFrame:
    compared = statements_of_file("ops/preview.sql")[0]
    return read_frame(connection, compared)


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Returns a row for each dossier of which something differs, with what it was and would be, and what of it moves."""
    both = before.join(after, on="dossier_code", how="full", suffix="_after", coalesce=True)
    moves = [pl.col(name).ne_missing(pl.col(f"{name}_after")).alias(f"{name}_moves") for name in COMPARED]
    flagged = both.with_columns(moves).filter(pl.any_horizontal(f"{name}_moves" for name in COMPARED))
    return flagged.sort("dossier_code")


def _last_period(connection: Connection) -> tuple[date, date] | None:
    period = statements_of_file("ops/preview.sql")[1]
    first, last = connection.execute(text(period)).one()
    return (first, last) if first else None


def _form(connection: Connection, statement: str, period: tuple[date, date]) -> pl.DataFrame:
    return read_frame(connection, statement, date_from=period[0], date_to=period[1])


def _figures(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, Any]]:
    """Returns the units of which a figure differs; a unit that is in one form alone has zeros in the other."""
    names = [name for name in before.columns if name not in _NO_FIGURES]
    both = before.join(after, on=_UNIT, how="full", suffix="_after", coalesce=True).sort(_UNIT)
    rows = []
    for row in both.iter_rows(named=True):
        was = {name: int(row[name] or 0) for name in names}
        would_be = {name: int(row[f"{name}_after"] or 0) for name in names}
        changed = {name: [was[name], would_be[name]] for name in names if was[name] != would_be[name]}
        if changed:
            name = row["unit_name"] or row["unit_name_after"]
            rows.append({"unit_code": row["unit_code"], "unit_name": name, "figures": changed})
    return rows
