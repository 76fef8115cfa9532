"""Records of a text file with separators: their cells, and the line that each starts on.

Here: records by the rules of CSV, one by one. Not here: many of them at once (`csv_pieces.py`), encodings, tables.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

DELIMITERS = (";", ",", "\t")
#: Characters of a cell; more is an open quote that swallows the rest of the file.
LONGEST_FIELD = 1024**2
_ROWS_TO_LOOK_AT = 200

Row = tuple[str | None, ...]


class BadLineError(ValueError):
    """The quotes of the record that starts on `line` do not match."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def records(lines: Iterable[str], delimiter: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yields the records, each with the number of the line it starts on; lines come with their ends."""
    # `strict`: an open quote would otherwise swallow the rest of the file without a word.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    start = first_line
    limit = csv.field_size_limit(LONGEST_FIELD)
    try:
        for row in reader:
            yield start, row
            start = first_line + reader.line_num
    except csv.Error:
        raise BadLineError(start) from None
    finally:
        csv.field_size_limit(limit)


def must_be_single_record(row: list[str], number: int, delimiter: str, width: int) -> None:
    """Refuses a cell with a whole record in it: two stray quotes swallow what stands between them."""
    for cell in row:
        if "\n" in cell or "\r" in cell:
            for line in cell.splitlines()[1:]:
                if width > 2 and line.count(delimiter) >= width - 1:
                    raise BadLineError(number)


def delimiter_of(
    lines: Callable[[], Iterable[str]], is_heading: Callable[[Row], bool]
) -> tuple[str, int] | None:
    """Returns the delimiter that shows the widest row of headings, and its width; None where none shows any."""
    rows: list[tuple[int, str]] = []
    for mark in DELIMITERS:
        # Lines that have none of it are one cell each, and there is no narrower row of headings.
        if rows and not _has(lines(), mark):
            continue
        if row := _heading(lines(), mark, is_heading):
            rows.append((len(row), mark))
    if not rows:
        return None
    width, mark = max(rows, key=lambda pair: pair[0])
    return mark, width


def _has(lines: Iterable[str], mark: str) -> bool:
    """Returns whether it stands in the lines that are looked at."""
    return any(mark in line for line in islice(lines, _ROWS_TO_LOOK_AT + 1))


def _heading(lines: Iterable[str], delimiter: str, is_heading: Callable[[Row], bool]) -> list[str] | None:
    """Returns the row of headings near the top when the lines are cut at `delimiter`, or None when there is none."""
    try:
        for looked_at, (_, row) in enumerate(records(lines, delimiter)):
            if is_heading(tuple(row)):
                return row
            if looked_at >= _ROWS_TO_LOOK_AT:
                return None
    except BadLineError:
        return None
    return None
