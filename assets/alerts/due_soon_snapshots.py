"""Dossiers in process on the evenings of working days, read from the warehouse for the model of what goes overdue.

Spans, steps and stocks are read as they lie and put together here. Not here: the model (`due_soon.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection

from assets.alerts.due_soon import HORIZON, Snapshots
from warehouse_sql.frames import copy_out_by_parts
from warehouse_sql.sql_files import prepared, statements_of_file

_NAMES = ("dossier_code", "unit_key", "procedure_code")


def read_snapshots(connection: Connection, number_from: int, number_to: int) -> Snapshots:
    """Returns dossiers in process at the end of those working days (numbers of core.dim_date, both included), with none
    to three working days left.
    """
    days = _read(
        connection, "alert/due_soon_day.sql", number_from=number_from, number_to=number_to + HORIZON + 1
    )
    judged = days.filter(pl.col("day_number") <= number_to)
    if judged.is_empty():
        return _snapshots(pl.DataFrame(schema=_EVENING))
    bounds = {
        "first_on": judged["date"][0],
        "last_on": judged["date"][-1],
        # Days off bear the number of the working day before them, so the last one may be due on any day before the next.
        "due_to": days["date"][-1],
    }
    evenings = _evenings(_read(connection, "alert/due_soon_span.sql", **bounds), judged)
    steps = _read(connection, "alert/due_soon_step.sql", **bounds)
    load = _read(connection, "alert/due_soon_load.sql", **bounds)
    return _snapshots(
        _with_last_step(evenings, steps)
        .join(load, on=["unit_key", "date"], how="left")
        .sort("day_number", "due_at", "received_number", "dossier_code")
    )


def _read(connection: Connection, name: str, **parameters: date | int) -> pl.DataFrame:
    (statement,) = statements_of_file(name)
    _, names = prepared(statement)
    parts = copy_out_by_parts(connection, statement, **{name: parameters[name] for name in names})
    # Each name stands once and rows hold its number: there are a dozen rows for a dossier.
    return pl.concat(
        part.with_columns(pl.col(name).cast(pl.Categorical) for name in _NAMES if name in part.columns)
        for part in parts
    )


def _evenings(spans: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Returns a row for each span and each of these days at whose end it held with so few days left."""
    held = (pl.col("since_on") <= pl.col("date")) & (pl.col("until_on") > pl.col("date"))
    return pl.concat(
        spans.with_columns(day_number=pl.col("due_number") - left).join(days, on="day_number").filter(held)
        for left in range(HORIZON + 1)
    )


def _with_last_step(evenings: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Adds the number of the day of the last step by then, null where none is known."""
    return evenings.sort("date").join_asof(
        steps.sort("processed_on"),
        left_on="date",
        right_on="processed_on",
        by="dossier_code",
        strategy="backward",
        check_sortedness=False,
    )


_EVENING: dict[str, Any] = {
    **dict.fromkeys(_NAMES, pl.Categorical),
    **dict.fromkeys(("day_number", "due_number", "received_number", "step_number"), pl.Int64),
    **{"is_online": pl.Boolean, "share_of_usual": pl.Float64},
}


def _snapshots(frame: pl.DataFrame) -> Snapshots:
    def whole(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return frame[name].fill_null(-1).cast(pl.Int64).to_numpy()

    def words(name: str) -> pl.Series:
        return frame[name].fill_null("")

    return Snapshots(
        code=words("dossier_code"),
        day=whole("day_number"),
        due=whole("due_number"),
        received=whole("received_number"),
        unit=words("unit_key"),
        procedure=words("procedure_code"),
        is_online=frame["is_online"].fill_null(False).cast(pl.Boolean).to_numpy(),
        step=whole("step_number"),
        load=frame["share_of_usual"].cast(pl.Float64).fill_null(1.0).to_numpy(),
    )
