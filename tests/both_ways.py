"""One file read in pieces and read whole: what comes of it, to be held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assets.given import csv_pieces, csv_records, tables
from assets.given.unreadable import InDoubtError, UnreadableExportError
from assets.sources.readers import angiang
from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.source import Source


@contextmanager
def small_pieces(size: int = 300, head: int = 12) -> Iterator[None]:
    """Pieces of so many bytes behind so many first lines, so that small files have several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_pieces, "_PIECE_BYTES", size)
        patch.setattr(csv_pieces, "_SMALL_BYTES", 0)
        patch.setattr(csv_pieces, "_HEAD_LINES", head)
        patch.setattr(csv_pieces, "_TAIL_LINES", 3)
        patch.setattr(csv_records, "_ROWS_TO_LOOK_AT", min(head - 2, 200))
        patch.setattr(tables, "TOP_ROWS", min(head, 9))
        yield


@contextmanager
def only_whole() -> Iterator[None]:
    """No file is read in pieces."""

    def in_doubt(*_: Any) -> Any:
        raise InDoubtError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(angiang, "tables_in_pieces", in_doubt)
        yield


@contextmanager
def only_in_pieces() -> Iterator[None]:
    """No file is read whole: InDoubtError where it would have been."""

    def in_doubt(*_: Any) -> Any:
        raise AssertionError("read whole")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(angiang, "read_tables", in_doubt)
        yield


def outcome(content: bytes, source: Source, path: str) -> dict[str, Any] | str:
    """Everything that a reading says, its rows as tuples; or why there is none."""
    try:
        return said(read_export(content, source, path))
    except UnreadableExportError as error:
        return str(error)


def said(reading: Reading) -> dict[str, Any]:
    """Everything that a reading says."""
    frame = reading.rows.frame()
    return {
        "kind": reading.kind,
        "schema": dict(frame.schema),
        "rows": frame.rows(),
        "count": reading.row_count,
        "exported_at": reading.exported_at,
        "columns": reading.columns,
        "complete": reading.complete,
        "is_whole": reading.is_whole,
        "remarks": [(str(remark), getattr(remark, "__dict__", None)) for remark in reading.remarks],
        "shapes": dict(reading.shapes),
    }
