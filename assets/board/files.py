"""Lists of the board as files for Excel: all of their rows, in the order that was chosen, under the headings of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from assets.board.choice import Choice
from assets.board.listing import Column, Kind, Listing, whole_statement
from assets.board.reading import Reader
from assets.board.words import Words
from assets.extracts.answer_files import write_answer, writer_of
from warehouse_sql.frame_stream import Column as Cell
from warehouse_sql.sql_files import prepared

_ROWS_OF_A_FRAME = 10_000
_TYPES: dict[Kind, tuple[str, Any]] = {
    "count": ("int8", pl.Int64),
    "change": ("int8", pl.Int64),
    "days": ("int8", pl.Int64),
    "share": ("float8", pl.Float64),
    "hours": ("float8", pl.Float64),
    "day": ("date", pl.Date),
    "instant": ("timestamp", pl.Datetime("us")),
}


def write_listing(reader: Reader, listing: Listing, choice: Choice, file: Path) -> int:
    """Writes all rows of a list as XLSX or CSV, by the ending of the file. Returns how many there are."""
    words = Words(choice.lang)
    writer = writer_of(file)
    assert writer is not None, file.suffix
    cells = [_cell(column, words) for column in listing.columns]
    return write_answer(file, writer, cells, _frames(reader, listing, choice, words, cells))


def _cell(column: Column, words: Words) -> Cell:
    kind, cell_type = _TYPES.get(column.kind, ("text", pl.String))
    return Cell(words[f"columns.{column.name}"], kind, False, cell_type)


def _frames(
    reader: Reader, listing: Listing, choice: Choice, words: Words, cells: Sequence[Cell]
) -> Iterator[pl.DataFrame]:
    clause, names = prepared(whole_statement(listing, choice))
    parameters = dict(listing.parameters(reader, choice))
    # Of this statement alone: set on the connection, it would have every later one read through a cursor.
    result = reader.connection.execute(
        clause, {name: parameters[name] for name in names}, execution_options={"yield_per": _ROWS_OF_A_FRAME}
    )
    for rows in result.partitions():
        columns = {
            f"c{place}": pl.Series(
                [_value(column, row[place], words) for row in rows], dtype=cell.type, strict=False
            )
            for place, (column, cell) in enumerate(zip(listing.columns, cells, strict=True))
        }
        yield pl.DataFrame(columns)


def _value(column: Column, value: Any, words: Words) -> Any:
    if value is None:
        return None
    if column.kind in ("flag", "word") or isinstance(value, list):
        return words.of_column(column, value)
    if column.kind in ("share", "hours"):
        return float(value)
    return value
