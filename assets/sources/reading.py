"""What a reader returns: the rows of a file in pieces, and what a person should know about it.

Here: frames held so that memory does not grow with the file. Not here: the columns (`canonical.py`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, pairwise
from tempfile import SpooledTemporaryFile
from typing import Literal

import polars as pl

#: Packed rows of one file that are held in memory; what is more lies in a file without a name.
_IN_MEMORY_BYTES = 32 * 1024**2

Kind = Literal["dossiers", "steps"]


@dataclass(frozen=True)
class Rows:
    """The rows of a file: how many, and frames of them in order, each time again from the first."""

    height: int
    pieces: Callable[[], Iterator[pl.DataFrame]]

    def frame(self) -> pl.DataFrame:
        """Returns all of them as one frame, for files that fit into memory."""
        return pl.concat(list(self.pieces()))


def rows_of(frame: pl.DataFrame) -> Rows:
    """Returns the rows of a frame."""
    return Rows(frame.height, lambda: iter([frame]))


def packed_rows(frames: Iterable[pl.DataFrame]) -> Rows:
    """Returns the rows of frames of one schema, of which at least one is given; several are packed one by one."""
    waiting = iter(frames)
    first, second = next(waiting), next(waiting, None)
    if second is None:
        return rows_of(first)
    # It may hold what a citizen wrote into a column of codes, so it never has a name that others could open.
    store = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
    ends, height = [0], 0
    for frame in chain((first, second), waiting):
        packed = io.BytesIO()
        frame.write_ipc(packed, compression="lz4")
        store.write(packed.getbuffer())
        ends.append(store.tell())
        height += frame.height

    def pieces() -> Iterator[pl.DataFrame]:
        for start, end in pairwise(ends):
            store.seek(start)
            yield pl.read_ipc(store.read(end - start))

    return Rows(height, pieces)


@dataclass(frozen=True)
class Reading:
    """What a reader found in one file: every row, and what a person should know about it.

    `exported_at` is naive local time (Asia/Ho_Chi_Minh), None when the file does not say it. `columns` names the
    canonical columns the file can speak of (a list without a channel column does not say that the channel is empty).
    `complete` is set where the file, with others of its export moment, names every dossier of its source received
    from the first to the last of these days: a dossier that is not in it is gone. `is_whole` is False where the file itself
    shows that rows may be missing: then it never says that a dossier is gone.
    `remarks` are sentences in Vietnamese on headings, codes or fields that are not known, each by name; those of
    `remarks.Unknown` say it in parts, too. `shapes` names the shapes met (text, number, styles of dates) by the source's
    own name of a field.
    """

    kind: Kind
    rows: Rows
    exported_at: datetime | None = None
    columns: frozenset[str] = frozenset()
    complete: tuple[date, date] | None = None
    is_whole: bool = True
    remarks: list[str] = field(default_factory=list)
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def dossiers(self) -> pl.DataFrame | None:
        """All rows of a file of dossiers as one frame; None where it is one of steps."""
        return self.rows.frame() if self.kind == "dossiers" else None

    @property
    def steps(self) -> pl.DataFrame | None:
        """All rows of a file of steps as one frame; None where it is one of dossiers."""
        return self.rows.frame() if self.kind == "steps" else None

    @property
    def row_count(self) -> int:
        """Rows of the file, bad ones included."""
        return self.rows.height
