"""The rows of a reading as landing.staged_row has them, all files of a run together.

Here: columns that the warehouse adds to what a reader found, and misplaced values that might name a citizen taken out.
Not here: the order of a run (`intake.py`), or what a row is worth (`quality/`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, text

from assets.exports.misplaced import safe_code, safe_status
from assets.exports.register import Entry
from assets.sources.additions import without_names
from assets.sources.canonical import DOSSIER_CODE, DOSSIER_SCHEMA, STATE_INSTANTS, STEP_SCHEMA, life_order
from assets.sources.corrections import corrected
from assets.sources.reading import Kind, Reading
from assets.sources.source import Source
from warehouse_sql.frames import copy_frame
from warehouse_sql.vietnam_time import VIETNAM

_TOGETHER = 20_000
_BRACKET = r"[(\[{（［【]"


def empty_staging(connection: Connection) -> None:
    """Takes away what runs have staged, dead ones' too."""
    connection.execute(text("truncate landing.staged_row, landing.staged_flag"))


@contextmanager
def staging(connection: Connection) -> Iterator[Callable[[Reading, Source, Entry], None]]:
    """Yields a function that stages the rows of one file after the other, `staged_id` counting on; all are written at the end.

    Rows of small files are written together: a COPY for each would cost more than its rows.
    """
    waiting = _Waiting(connection)

    def stage(reading: Reading, source: Source, entry: Entry) -> None:
        effective = reading.exported_at or entry.received_at.astimezone(VIETNAM).replace(tzinfo=None)
        for piece in reading.rows.pieces():
            frame, changed, remarks = corrected(piece, reading.kind, source, effective.date())
            first_id = waiting.next_id
            staged = staged_frame(frame, reading.kind, source.name, effective, entry.file_no, first_id)
            waiting.add(staged, [first_id + place for place in changed])
            entry.remarks.extend(remarks)

    yield stage
    waiting.write()


@dataclass
class _Waiting:
    """Rows that are not written yet, by their kind, for each has its own columns; and which of them were corrected."""

    connection: Connection
    next_id: int = 0
    frames: dict[tuple[str, ...], list[pl.DataFrame]] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)

    def add(self, staged: pl.DataFrame, changed: Sequence[int]) -> None:
        self.next_id += staged.height
        of_its_kind = self.frames.setdefault(tuple(staged.columns), [])
        of_its_kind.append(staged)
        self.changed += changed
        if sum(frame.height for frame in of_its_kind) >= _TOGETHER:
            self.write()

    def write(self) -> None:
        for frames in self.frames.values():
            staged = pl.concat(frames)
            copy_frame(self.connection, staged, "landing.staged_row", staged.columns)
        if self.changed:
            self.connection.execute(
                text("update landing.staged_row set flags = '{corrected}' where staged_id = any(:ids)"),
                {"ids": self.changed},
            )
        self.frames, self.changed = {}, []


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
    instants = [pl.col(name) for name in STATE_INSTANTS]
    return {
        "state_at": pl.max_horizontal(*instants, asked).fill_null(pl.lit(effective)),
        "state_rank": pl.col("status").replace_strict(life_order(), default=0, return_dtype=pl.Int16),
    }
