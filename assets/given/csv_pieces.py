"""A text file with separators in pieces of some megabytes: memory is bounded whatever its size.

A piece in which no quote stands and every line has as many cells is cut by Polars at once; any other is read record by
record (`csv_records.py`), with the same cells, widths and numbers of lines. Titles and totals, whose lines are shorter,
are pieces of their own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

import polars as pl

from assets.given.csv_records import LONGEST_FIELD, BadLineError, must_be_single_record, records
from assets.given.encodings import may_be_decoded_twice
from assets.given.unreadable import InDoubtError

_PIECE_BYTES = 8 * 1024**2
_LONGEST_BLOCK = 4 * _PIECE_BYTES
_HEAD_LINES, _TAIL_LINES = 300, 40
# A file so small is one piece, for what is done with a piece costs more than reading its lines one by one.
_SMALL_BYTES = 512 * 1024
# A list has some dozens of columns; wider lines are left to the reader of whole files, which has its limits.
_WIDEST = 500


@dataclass(frozen=True)
class Piece:
    """Cells as written in columns "0", "1", …; of each record the line it starts on, and the number of its cells."""

    cells: pl.DataFrame
    numbers: pl.Series
    widths: pl.Series
    is_last: bool = True


def csv_pieces(content: bytes, start: int, delimiter: str, width: int) -> Iterator[Piece]:
    """Yields the records of UTF-8 text from `start` on; `width` is that of its headings.

    Raises InDoubtError where only the whole file shows how it is to be read, or why it can't be.
    """
    is_small = len(content) <= _SMALL_BYTES
    tail = 0 if is_small else _tail(content)
    end, line = len(content) if is_small else _head(content, start), 1
    while start < len(content):
        if end - start > _LONGEST_BLOCK:
            raise InDoubtError
        block = content[start:end]
        if may_be_decoded_twice(block):
            raise InDoubtError
        piece = _at_once(block, delimiter, line)
        if piece is None:
            piece, end, lines = _record_by_record(content, start, end, delimiter, width, line)
        else:
            lines = piece.cells.height
        yield replace(piece, is_last=end >= len(content))
        start, line = end, line + lines
        end = _after_line(content, start + _PIECE_BYTES)
        if start < tail < end:
            end = tail


def top_lines(content: bytes, start: int) -> Iterator[str]:
    """Yields the first lines of UTF-8 text from `start` on, with their ends. InDoubtError where more are asked for."""
    end = _head(content, start)
    if end - start > _LONGEST_BLOCK:
        raise InDoubtError
    try:
        yield from io.StringIO(content[start:end].decode(), newline="")
    except UnicodeDecodeError:
        raise InDoubtError from None
    if end < len(content):
        raise InDoubtError


def _head(content: bytes, start: int) -> int:
    """Returns where the first lines end."""
    for _ in range(_HEAD_LINES):
        start = content.find(b"\n", start) + 1
        if not start:
            return len(content)
    return start


def _tail(content: bytes) -> int:
    """Returns where the last lines begin."""
    end = len(content)
    for _ in range(_TAIL_LINES):
        end = content.rfind(b"\n", 0, end)
        if end < 0:
            return 0
    return end + 1


def _after_line(content: bytes, place: int) -> int:
    return content.find(b"\n", place) + 1 or len(content)


def _at_once(block: bytes, delimiter: str, line: int) -> Piece | None:
    """Returns the records of whole lines, or None where they are not surely what stands between the separators."""
    mark = delimiter.encode()
    width = block[: _after_line(block, 0)].count(mark) + 1
    height = block.count(b"\n") + (not block.endswith(b"\n"))
    if (
        not 2 <= width <= _WIDEST
        or block.count(mark) != (width - 1) * height
        or b'"' in block
        or block.count(b"\r") != block.count(b"\r\n")
    ):
        return None
    try:
        cells = pl.read_csv(
            block,
            has_header=False,
            separator=delimiter,
            quote_char=None,
            schema={str(place): pl.String for place in range(width)},
            extra_columns="raise",  # with as many separators in all, no line has fewer cells either
        )
    except pl.exceptions.PolarsError:
        return None
    longest = cells.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    if cells.height != height or (longest or 0) > LONGEST_FIELD:
        return None
    numbers = pl.int_range(line, line + height, dtype=pl.Int64, eager=True)
    return Piece(cells, numbers, pl.Series([width], dtype=pl.UInt32).new_from_index(0, height))


def _record_by_record(
    content: bytes, start: int, end: int, delimiter: str, width: int, line: int
) -> tuple[Piece, int, int]:
    """Returns the records that start before `end`, where the last of them ends, and the number of their lines."""
    taken = _Taken(start)
    rows, numbers, widest = [], [], 0
    try:
        for number, row in records(_lines(content, end, taken), delimiter, line):
            must_be_single_record(row, number, delimiter, width)
            rows.append(row)
            numbers.append(number)
            widest = max(widest, len(row))
            if widest > _WIDEST:
                raise InDoubtError
            if taken.end >= end:
                break
    except (BadLineError, UnicodeDecodeError):
        raise InDoubtError from None
    return piece_of(rows, numbers), taken.end, taken.lines


def piece_of(rows: list[list[str]], numbers: list[int]) -> Piece:
    """Returns records that were read one by one."""
    columns = list(zip_longest(*rows)) or [(None,) * len(rows)]  # blank lines have no cells
    cells = [pl.Series(str(place), column, dtype=pl.String) for place, column in enumerate(columns)]
    return Piece(
        pl.DataFrame(cells),
        pl.Series(numbers, dtype=pl.Int64),
        pl.Series(list(map(len, rows)), dtype=pl.UInt32),
    )


@dataclass
class _Taken:
    """Where the lines end that were handed out, and how many they were."""

    end: int
    lines: int = 0


def _lines(content: bytes, end: int, taken: _Taken) -> Iterator[str]:
    """Yields lines with their ends from `taken.end` on, beyond `end` where a record goes on there."""
    start = taken.end
    while start < len(content):
        for line in content[start:end].splitlines(keepends=True):
            taken.end += len(line)
            taken.lines += 1
            yield line.decode()
        start, end = end, _after_line(content, end + _PIECE_BYTES)
