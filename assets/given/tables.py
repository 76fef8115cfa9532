"""Lists as tables of text: the worksheets of a workbook, or the one table of a text file.

Here: bytes to cells with their row numbers. Not here: which cells are headings (`headings.py`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import fastexcel
import polars as pl

from assets.given.cleaning import clean, clean_together
from assets.given.csv_pieces import csv_pieces, piece_of, top_lines
from assets.given.csv_records import BadLineError, Row, delimiter_of, must_be_single_record, records
from assets.given.encodings import (
    LOST,
    PROPER,
    TWICE,
    decoded,
    from_tcvn3,
    from_vni,
    looks_decoded_twice,
    lost_in_decoding,
    mended_text,
    remark_on_decoding,
    remark_on_font,
    start_of_utf8,
)
from assets.given.unreadable import InDoubtError, UnreadableExportError
from assets.given.workbook_safety import must_be_safe_to_open, not_a_workbook
from warehouse_sql.messages import Message, message

#: A list that can't be read in pieces, as one in an old encoding, is held in memory several times over.
MAX_TEXT_BYTES = 256 * 1024**2
MAX_TEXT_CELLS = 30_000_000
_ZIP_MAGIC = b"PK"
_AGAIN = message("hãy xuất lại từ hệ thống và gửi lại tệp")
_ROWS_TO_LOOK_AT = 200
#: Rows at the top of a list in which its headings are looked for, with those below them.
TOP_ROWS = 203
_TALL = 20_000

_FONTS = (("TCVN3 (ABC, .VnTime)", from_tcvn3), ("VNI", from_vni))


@dataclass(frozen=True)
class Table:
    """Cells as cleaned text in columns "0", "1", ...; `numbers` are the 1-based rows or lines of the file."""

    sheet: str | None
    cells: pl.DataFrame
    numbers: pl.Series
    remarks: tuple[str, ...] = ()  # on text that was garbled and is whole again
    lines: Lines | None = None  # of a text file
    is_part: bool = False  # there are other pieces of it


@dataclass(frozen=True)
class Lines:
    """How the records of a text file were written: cells of each; whether a line end, or a quote, ends the last one."""

    widths: pl.Series
    is_ended: bool
    is_quoted: bool


def row_place(number: int, sheet: str | None) -> Message:
    """Returns where a row stands, in words; the sheet only where it has to be named."""
    if sheet:
        return message("hàng {row} trang tính “{sheet}”", row=number, sheet=sheet)
    return message("hàng {row}", row=number)


def read_tables(content: bytes, is_heading: Callable[[Row], bool]) -> list[Table]:
    """Returns all tables of the file; `is_heading` knows the row of headings, which shows a CSV's delimiter."""
    _must_not_be_empty(content)
    if content.startswith(_ZIP_MAGIC):
        return _worksheets(content, is_heading)
    return [_text_table(content, is_heading)]


def tables_in_pieces(content: bytes, is_heading: Callable[[Row], bool]) -> list[Iterator[Table]]:
    """Returns the pieces of each table of `read_tables`: one of a worksheet, as many as there are of a text file.

    The first holds the top rows. Raises InDoubtError, also from the pieces, where only the whole file can be read.
    """
    _must_not_be_empty(content)
    if content.startswith(_ZIP_MAGIC):
        return [iter([table]) for table in _worksheets(content, is_heading)]
    return [_text_pieces(content, is_heading)]


def _must_not_be_empty(content: bytes) -> None:
    if not content or content.isspace():
        raise UnreadableExportError(message("Tệp rỗng, không có dữ liệu; {again}.", again=_AGAIN))


def is_workbook(content: bytes) -> bool:
    """Returns whether the bytes begin as a zip archive does."""
    return content.startswith(_ZIP_MAGIC)


def _worksheets(content: bytes, is_heading: Callable[[Row], bool]) -> list[Table]:
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
    return [_in_letters(_table(name, frame, None), is_heading) for name, frame in frames]


def _table(sheet: str | None, frame: pl.DataFrame, numbers: pl.Series | None) -> Table:
    columns = [column.cast(pl.String).alias(str(place)) for place, column in enumerate(frame.get_columns())]
    columns, remarks = _decoded_once(columns)
    cells = _cleaned(columns)
    counted = pl.int_range(1, frame.height + 1, eager=True) if numbers is None else numbers
    return Table(sheet, cells, counted.cast(pl.Int64).alias("row_number"), tuple(remarks))


def _cleaned(columns: list[pl.Series]) -> pl.DataFrame:
    # Of a tall table one column at a time, so as not to hold it in memory twice.
    is_tall = bool(columns) and len(columns[0]) > _TALL
    return pl.DataFrame([clean(column) for column in columns] if is_tall else clean_together(columns))


def _decoded_once(columns: list[pl.Series]) -> tuple[list[pl.Series], list[str]]:
    """Returns the cells, those that were decoded twice as they were before, and a remark on them."""
    if not _any_holds(columns, TWICE):
        return columns, []
    mended = [column.map_elements(mended_text, return_dtype=pl.String) for column in columns]
    if _any_holds(mended, LOST) and not _any_holds(columns, PROPER):
        raise lost_in_decoding()
    changed = sum(int((before != other).sum()) for before, other in zip(mended, columns, strict=True))
    return mended, [remark_on_decoding(changed, message("ô"))] if changed else []


def _any_holds(columns: list[pl.Series], pattern: str) -> bool:
    return any(column.str.contains(pattern).any() for column in columns)


def _in_letters(table: Table, is_heading: Callable[[Row], bool]) -> Table:
    """Returns the table in Unicode where its headings only make sense in the letters of an old family of fonts."""
    rows: list[Row] = table.cells.head(_ROWS_TO_LOOK_AT).rows()
    if any(map(is_heading, rows)):
        return table
    for name, convert in _FONTS:
        if any(is_heading(tuple(cell and convert(cell) for cell in row)) for row in rows):
            cells = table.cells.select(pl.all().map_elements(convert, return_dtype=pl.String))
            return replace(table, cells=cells, remarks=(*table.remarks, remark_on_font(name)))
    return table


def _text_table(content: bytes, is_heading: Callable[[Row], bool]) -> Table:
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableExportError(
            message(
                "Tệp CSV lớn hơn {limit:number} byte là giới hạn cho phép; hãy xuất theo kỳ ngắn hơn "
                "rồi gửi lại.",
                limit=MAX_TEXT_BYTES,
            )
        )
    text, best, width, remarks = _as_written(content, is_heading)
    rows, numbers, widest = [], [], 0
    try:
        for number, row in records(io.StringIO(text, newline=""), best):
            must_be_single_record(row, number, best, width)
            rows.append(row)
            numbers.append(number)
            widest = max(widest, len(row))
            if widest * len(rows) > MAX_TEXT_CELLS:
                raise UnreadableExportError(
                    message(
                        "Tệp CSV trải rộng quá {limit:number} ô (dòng {row}); {again}.",
                        limit=MAX_TEXT_CELLS,
                        row=number,
                        again=_AGAIN,
                    )
                )
    except BadLineError as error:
        raise UnreadableExportError(
            message(
                "Tệp CSV sai dấu ngoặc kép, hoặc bị cắt cụt, ở bản ghi bắt đầu từ dòng {line}; {again}.",
                line=error.line,
                again=_AGAIN,
            )
        ) from None
    piece = piece_of(rows, numbers)
    lines = Lines(piece.widths, text.endswith(("\n", "\r")), text.endswith('"'))
    table = _table(None, piece.cells, piece.numbers)
    return replace(table, remarks=(*remarks, *table.remarks), lines=lines)


def _text_pieces(content: bytes, is_heading: Callable[[Row], bool]) -> Iterator[Table]:
    """Yields the pieces of a text file in UTF-8."""
    start = start_of_utf8(content)
    if start is None:
        raise InDoubtError

    headings = delimiter_of(partial(top_lines, content, start), is_heading)
    if headings is None:
        raise InDoubtError
    is_ended, is_quoted = content.endswith((b"\n", b"\r")), content.endswith(b'"')
    is_first, is_part = True, False
    for piece in csv_pieces(content, start, *headings):
        if is_first and piece.cells.height < TOP_ROWS and not piece.is_last:
            raise InDoubtError
        is_part |= not piece.is_last
        is_first = False
        cells = _cleaned(piece.cells.get_columns())
        yield Table(
            None, cells, piece.numbers, lines=Lines(piece.widths, is_ended, is_quoted), is_part=is_part
        )


def _as_written(content: bytes, is_heading: Callable[[Row], bool]) -> tuple[str, str, int, list[str]]:
    """Returns the text, its delimiter, the number of its headings and remarks: of what the bytes may be, the first
    with headings.
    """
    texts = decoded(content)
    for text in texts:
        for version, remarks in _versions(text, may_be_font=text is texts[-1]):
            headed = delimiter_of(partial(io.StringIO, version, newline=""), is_heading)
            if headed:
                return version, *headed, remarks
    return texts[0], ";", 0, []


def _versions(text: str, *, may_be_font: bool) -> Iterator[tuple[str, list[str]]]:
    """Yields the text as it is, and in the letters of old fonts; what was decoded twice is as it was before."""
    if looks_decoded_twice(text):
        lines = text.split("\n")  # other ends of lines may be part of a letter
        mended = [mended_text(line) for line in lines]
        changed = sum(before != other for before, other in zip(mended, lines, strict=True))
        whole = "\n".join(mended).removeprefix("\ufeff")
        if re.search(LOST, whole) and not re.search(PROPER, text):
            raise lost_in_decoding()
        yield (
            whole,
            [remark_on_decoding(changed, message("dòng"))] if changed else [],
        )
    yield text, []
    for name, convert in _FONTS if may_be_font else ():
        yield convert(text), [remark_on_font(name)]
