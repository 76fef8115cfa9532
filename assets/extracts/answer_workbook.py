"""An answer as a sheet of Excel: typed columns, headings that stay in sight, a filter; text stays text, however it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from assets.given.texts import neutral
from warehouse_sql.errors import WarehouseError
from warehouse_sql.frame_stream import Column
from warehouse_sql.messages import message

_MOST_ROWS, _MOST_COLUMNS, _MOST_LETTERS = 1_048_576, 16_384, 32_767
_FIRST_YEAR = 1900
_EXACT = 10**15  # Excel keeps fifteen digits
_SAMPLE, _NARROWEST, _WIDEST = 200, 8, 60
_FORMATS = {"date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm:ss", "time": "hh:mm:ss"}


def write_workbook(part: Path, columns: Sequence[Column], frames: Iterator[pl.DataFrame]) -> int:
    """Writes the rows of an answer as a workbook of one sheet. Returns how many there are.

    Raises WarehouseError for more rows, columns or letters than a sheet holds: nothing is cut.
    """
    if len(columns) > _MOST_COLUMNS:
        raise _too_much(message("{count:number} cột", count=len(columns)))
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(part), options) as book:
        sheet = book.add_worksheet("Kết quả")
        formats = {kind: book.add_format({"num_format": shape}) for kind, shape in _FORMATS.items()}
        formats["risky"] = book.add_format({"quote_prefix": True})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        first = next(frames, None)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _width(column, first, at))
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.name, head)
        count = _write_rows(sheet, formats, columns, first, frames)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _write_rows(
    sheet: Any, formats: dict[str, Any], columns: Sequence[Column], first: pl.DataFrame | None, frames: Any
) -> int:
    count = 0
    numeric = [column.type is None for column in columns]
    while first is not None:
        for row in first.iter_rows():
            count += 1
            if count >= _MOST_ROWS:
                raise _too_much(message("hơn {count:number} dòng", count=_MOST_ROWS - 1))
            for at, value in enumerate(row):
                if value is not None:
                    _write(sheet, formats, count, at, Decimal(value) if numeric[at] else value)
        first = next(frames, None)
    return count


def _write(sheet: Any, formats: dict[str, Any], row: int, at: int, value: Any) -> None:
    match value:
        case bool():
            sheet.write_boolean(row, at, value)
        case int() | float() | Decimal() if -_EXACT < value < _EXACT:  # not NaN either
            sheet.write_number(row, at, float(value))
        case datetime() if value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, at, value.replace(tzinfo=None), formats["instant"])
        case date() if value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, at, value, formats["date"])
        case time():
            sheet.write_datetime(row, at, value, formats["time"])
        case list():
            _write_text(
                sheet, formats, row, at, ", ".join("" if item is None else str(item) for item in value)
            )
        case _:
            _write_text(sheet, formats, row, at, str(value))


def _write_text(sheet: Any, formats: dict[str, Any], row: int, at: int, value: str) -> None:
    if len(value) > _MOST_LETTERS:
        raise _too_much(message("ô ở dòng {row:number} dài {count:number} ký tự", row=row, count=len(value)))
    sheet.write_string(row, at, value, formats["risky"] if neutral(value) != value else None)


def _width(column: Column, frame: pl.DataFrame | None, at: int) -> int:
    longest = len(column.name) + 3  # room for the button of the filter
    if frame is not None and not column.is_array:
        longest = max(longest, frame.to_series(at).head(_SAMPLE).cast(pl.String).str.len_chars().max() or 0)  # type: ignore[assignment]
    return min(_WIDEST, max(_NARROWEST, longest + 1))


def _too_much(what: str) -> WarehouseError:
    return WarehouseError(
        message(
            "Một trang tính của Excel không chứa được kết quả này ({what}); hãy thu hẹp câu hỏi, hoặc ghi ra tệp .csv hay"
            " .parquet.",
            what=what,
        )
    )
