"""Lists as tables of text: the worksheets of a workbook, or the one table of a text file.

Here: bytes to cells with their row numbers. Not here: which cells are headings (`headings.py`).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import fastexcel
import polars as pl

from assets.exports.canonical import UnreadableExportError
from assets.exports.readers.columns import clean, clean_together

#: What a workbook may unpack to, and how many cells one of its worksheets may span.
MAX_XLSX_BYTES = 1024**3
MAX_CELLS = 30_000_000
_CHUNK = 4 * 1024**2
_ZIP_MAGIC = b"PK"
# Looking back for the start of the word finds cells twice as fast as looking for it first.
_CELL = re.compile(rb"""r=(?<=\br=)["']([A-Z]{1,3})(\d{1,7})["']""")
_LONGEST_CELL = 16  # bytes of such a reference, for one that lies across two chunks
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


def not_a_workbook() -> UnreadableExportError:
    """The error for a file that ends in .xlsx and is none."""
    return UnreadableExportError(
        "Tệp không phải sổ tính XLSX hoặc đã hỏng; hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
    )


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as a zip archive does."""
    return content.startswith(_ZIP_MAGIC)


def _worksheets(content: bytes) -> list[Table]:
    _must_be_safe_to_open(content)
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


def _must_be_safe_to_open(content: bytes, limit: int | None = None, max_cells: int | None = None) -> None:
    """Refuses a workbook that would unpack, or spread its cells, beyond the limits.

    Every member is read through, because the sizes an archive states of itself need not be true.
    """
    limit = MAX_XLSX_BYTES if limit is None else limit
    max_cells = MAX_CELLS if max_cells is None else max_cells
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > limit:
                raise UnreadableExportError(
                    f"Sổ tính giải nén ra quá {limit:,} byte là giới hạn cho phép; "
                    "hãy xuất theo kỳ ngắn hơn rồi gửi lại."
                )
            for member in archive.infolist():
                with archive.open(member) as stream:
                    if _span(iter(lambda: stream.read(_CHUNK), b"")) > max_cells:
                        raise UnreadableExportError(
                            f"Trang tính trải rộng quá {max_cells:,} ô; "
                            "hãy xóa các hàng, cột thừa ở xa bảng rồi gửi lại."
                        )
    except UnreadableExportError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError) as error:
        raise not_a_workbook() from error
    except (RuntimeError, NotImplementedError) as error:  # a password, or a packing of its own
        raise UnreadableExportError(
            "Sổ tính có mật khẩu hoặc cách nén lạ; hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi lại."
        ) from error


def _span(chunks: Iterator[bytes]) -> int:
    """Cells of the rectangle from A1 to the farthest cell named: the reader makes room for all of it."""
    widest, lowest, tail = b"", 0, b""
    for chunk in chunks:
        if found := _CELL.findall(tail + chunk):
            columns, rows = map(set, zip(*found, strict=True))
            widest = max(widest, *columns, key=lambda letters: (len(letters), letters))
            lowest = max(lowest, *map(int, rows))
        tail = chunk[-_LONGEST_CELL:]
    width = 0
    for letter in widest:
        width = width * 26 + letter - ord("A") + 1
    return width * lowest


def _table(sheet: str | None, frame: pl.DataFrame, numbers: list[int] | None) -> Table:
    columns = [column.cast(pl.String).alias(str(place)) for place, column in enumerate(frame.get_columns())]
    # Of a tall table one column at a time, so as not to hold it in memory twice.
    tall = frame.height > _TALL
    cells = pl.DataFrame([clean(column) for column in columns] if tall else clean_together(columns))
    counted = pl.int_range(1, frame.height + 1, eager=True) if numbers is None else pl.Series(numbers)
    return Table(sheet, cells, counted.cast(pl.Int64).alias("row_number"))


def _text_table(content: bytes, is_heading: Callable[[Row], bool]) -> Table:
    text = _decoded(content)
    best, width = ";", 0
    for delimiter in _DELIMITERS:
        heading = _heading(text, delimiter, is_heading)
        if heading is not None and len(heading) > width:
            best, width = delimiter, len(heading)
    rows, numbers = [], []
    try:
        for number, row in _lines(text, best):
            rows.append(row)
            numbers.append(number)
    except _BadLineError as error:
        raise UnreadableExportError(
            f"Tệp CSV sai dấu ngoặc kép, hoặc bị cắt cụt, ở bản ghi bắt đầu từ dòng {error.line}; {_AGAIN}."
        ) from None
    columns = list(zip_longest(*rows)) if rows else []
    frame = pl.DataFrame([pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)])
    return _table(None, frame, numbers)


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
