"""Lists as tables of text: the worksheets of a workbook, or the one table of a text file.

Here: bytes to cells with their row numbers. Not here: which cells are headings (`headings.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import fastexcel
import polars as pl

from assets.given.cleaning import clean, clean_together
from assets.given.unreadable import UnreadableExportError
from assets.given.workbook_safety import MAX_CELLS, must_be_safe_to_open, not_a_workbook

#: A list for people as text has a few hundred bytes a row.
MAX_TEXT_BYTES = 256 * 1024**2
_ZIP_MAGIC = b"PK"
_AGAIN = "hãy xuất lại từ hệ thống và gửi lại tệp"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (";", ",", "\t")
_ROWS_TO_LOOK_AT = 200
_LONGEST_FIELD = 1024**2
_TALL = 20_000

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Table:
    """Cells as cleaned text in columns "0", "1", ...; `numbers` are the 1-based rows or lines of the file."""

    sheet: str | None
    cells: pl.DataFrame
    numbers: pl.Series


def read_tables(content: bytes, is_heading: Callable[[Row], bool]) -> list[Table]:
    """All tables of the file; `is_heading` knows the row of headings, which tells a CSV's delimiter."""
    if not content.strip():
        raise UnreadableExportError(f"Tệp rỗng, không có dữ liệu; {_AGAIN}.")
    if content.startswith(_ZIP_MAGIC):
        return _worksheets(content)
    return [_text_table(content, is_heading)]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as a zip archive does."""
    return content.startswith(_ZIP_MAGIC)


def _worksheets(content: bytes) -> list[Table]:
    must_be_safe_to_open(content)
    try:
        book = fastexcel.read_excel(content)
        frames = [
            # skip_rows=0 keeps the blank rows at the top, so that row numbers are the worksheet's own.
            (name, book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars())
            for name in book.sheet_names
        ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic inside the library is no Exception
        raise not_a_workbook() from error
    return [_table(name, frame, None) for name, frame in frames]


def _table(sheet: str | None, frame: pl.DataFrame, numbers: list[int] | None) -> Table:
    columns = [column.cast(pl.String).alias(str(place)) for place, column in enumerate(frame.get_columns())]
    # Of a tall table one column at a time, so as not to hold it in memory twice.
    tall = frame.height > _TALL
    cells = pl.DataFrame([clean(column) for column in columns] if tall else clean_together(columns))
    counted = pl.int_range(1, frame.height + 1, eager=True) if numbers is None else pl.Series(numbers)
    return Table(sheet, cells, counted.cast(pl.Int64).alias("row_number"))


def _text_table(content: bytes, is_heading: Callable[[Row], bool]) -> Table:
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableExportError(
            f"Tệp CSV lớn hơn {MAX_TEXT_BYTES:,} byte là giới hạn cho phép; hãy xuất theo kỳ ngắn hơn rồi gửi lại."
        )
    text = _decoded(content)
    best, width = ";", 0
    for delimiter in _DELIMITERS:
        heading = _heading(text, delimiter, is_heading)
        if heading is not None and len(heading) > width:
            best, width = delimiter, len(heading)
    rows, numbers, widest = [], [], 0
    try:
        for number, row in _lines(text, best):
            _must_be_one_record(row, number, best, width)
            rows.append(row)
            numbers.append(number)
            widest = max(widest, len(row))
            if widest * len(rows) > MAX_CELLS:
                raise UnreadableExportError(
                    f"Tệp CSV trải rộng quá {MAX_CELLS:,} ô (dòng {number}); {_AGAIN}."
                )
    except _BadLineError as error:
        raise UnreadableExportError(
            f"Tệp CSV sai dấu ngoặc kép, hoặc bị cắt cụt, ở bản ghi bắt đầu từ dòng {error.line}; {_AGAIN}."
        ) from None
    columns = list(zip_longest(*rows)) if rows else []
    frame = pl.DataFrame([pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)])
    return _table(None, frame, numbers)


def _must_be_one_record(row: list[str], number: int, delimiter: str, width: int) -> None:
    """Refuses a cell with a whole record in it: two stray quotes swallow what stands between them."""
    for cell in row:
        if "\n" in cell or "\r" in cell:
            for line in cell.splitlines()[1:]:
                if width > 2 and line.count(delimiter) >= width - 1:
                    raise _BadLineError(number)


class _BadLineError(ValueError):
    """The quotes of the record that starts on `line` do not match."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records, each with the number of the line it starts on."""
    # `strict`: an open quote would otherwise swallow the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error:
        raise _BadLineError(start) from None
    finally:
        csv.field_size_limit(limit)


def _heading(text: str, delimiter: str, is_heading: Callable[[Row], bool]) -> list[str] | None:
    """The row of headings near the top when the lines are cut at `delimiter`; None when there is none."""
    try:
        for looked_at, (_, row) in enumerate(_lines(text, delimiter)):
            if is_heading(tuple(row)):
                return row
            if looked_at >= _ROWS_TO_LOOK_AT:
                return None
    except _BadLineError:
        return None
    return None


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or the old Vietnamese code page of Windows."""
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)] or ["utf-8", "cp1258"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableExportError(
        "Bảng mã chữ của tệp không đọc được; hãy lưu lại dạng “CSV UTF-8” hoặc .xlsx rồi gửi lại."
    )
