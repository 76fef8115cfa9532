"""The rows of a reading as landing.staged_row has them, all files of a run together.

Here: columns that the warehouse adds to what a reader found, and misplaced values that might name a citizen taken out.
Not here: the order of a run (`intake.py`), or what a row is worth (`quality/`).
"""

from __future__ import annotations

from datetime import datetime

import polars as pl
from sqlalchemy import Connection, text

from assets.exports.misplaced import safe_code, safe_status
from assets.exports.register import Entry
from assets.sources.additions import without_names
from assets.sources.canonical import DATE_COLUMNS, DOSSIER_CODE, DOSSIER_SCHEMA, STEP_SCHEMA, life_order
from assets.sources.corrections import corrected
from assets.sources.reading import Kind, Reading
from assets.sources.source import Source
from warehouse_sql.frames import copy_frame
from warehouse_sql.vietnam_time import VIETNAM

_BRACKET = r"[(\[{（［【]"


def empty_staging(connection: Connection) -> None:
    """Takes away what runs have staged, dead ones' too."""
    connection.execute(text("truncate landing.staged_row, landing.staged_flag"))


def stage_reading(
    connection: Connection, reading: Reading, source: Source, entry: Entry, first_id: int
) -> None:
    """The rows of one file into landing.staged_row; `staged_id` counts on from `first_id`."""
    effective = reading.exported_at or entry.received_at.astimezone(VIETNAM).replace(tzinfo=None)
    for piece in reading.rows.pieces():
        frame, changed, remarks = corrected(piece, reading.kind, source, effective.date())
        staged = staged_frame(frame, reading.kind, source.name, effective, entry.file_no, first_id)
        copy_frame(connection, staged, "landing.staged_row", staged.columns)
        if changed:
            connection.execute(
                text("update landing.staged_row set flags = '{corrected}' where staged_id = any(:ids)"),
                {"ids": [first_id + place for place in changed]},
            )
        entry.remarks.extend(remarks)
        first_id += frame.height


def staged_frame(
    frame: pl.DataFrame, kind: Kind, source: str, effective: datetime, file_no: int, first_id: int
) -> pl.DataFrame:
    """Returns one row per row of a piece; `effective` is local time, `staged_id` counts on from `first_id`."""
    schema = DOSSIER_SCHEMA if kind == "dossiers" else STEP_SCHEMA
    state = _state(effective) if kind == "dossiers" else {}
    misplaced = ~pl.col("dossier_code").str.contains(DOSSIER_CODE)
    return frame.select(
        (pl.int_range(pl.len()) + first_id).cast(pl.Int32).alias("staged_id"),
        pl.lit(file_no, pl.Int32).alias("file_no"),
        pl.lit(kind).alias("kind"),
        pl.lit(source).alias("source"),
        pl.lit(effective).alias("exported_at"),
        *(pl.col(name) for name in schema if name not in ("dossier_code", "status_raw")),
        pl.when(misplaced)
        .then(pl.col("dossier_code").map_elements(safe_code, return_dtype=pl.String))
        .otherwise(pl.col("dossier_code"))
        .alias("dossier_code"),
        pl.when(pl.col("status").is_null())
        .then(pl.col("status_raw").map_elements(safe_status, return_dtype=pl.String))
        .when(pl.col("status_raw").str.contains(_BRACKET))
        .then(pl.col("status_raw").map_elements(without_names, return_dtype=pl.String))
        .otherwise(pl.col("status_raw"))
        .alias("status_raw"),
        **state,
    )


def _state(effective: datetime) -> dict[str, pl.Expr]:
    """Returns the latest instant a row speaks of, and the place of its status in a dossier's life: what orders
    states.
    """
    asked = (
        pl.col("supplements")
        .str.extract_all(r'"(?:requested_at|resumed_at)": "[^"]+"')
        .list.eval(pl.element().str.extract(r': "([^"]+)"'))
        .list.max()
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us")
    )
    instants = [pl.col(name) for name in DATE_COLUMNS if name != "due_at"]
    return {
        "state_at": pl.max_horizontal(*instants, asked).fill_null(pl.lit(effective)),
        "state_rank": pl.col("status").replace_strict(life_order(), default=0, return_dtype=pl.Int16),
    }
