"""The dictionary as a workbook: a sheet of tables, views and functions, and a sheet of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from assets.dictionary.entries import Entry
from assets.dictionary.page import from_where, unit_in_words

_OBJECT_HEADS = (
    *(
        ("Name · Tên", 34),
        ("Kind · Loại", 10),
        ("Meaning", 70),
        ("Ý nghĩa", 70),
        ("Grain", 40),
        ("Mỗi dòng là", 40),
    ),
    *(
        ("Keys · Khóa", 34),
        ("Made from · Lập từ", 40),
        ("Read by · Được dùng trong", 40),
        ("Rule sets · Bộ quy tắc", 20),
    ),
    *(("Arguments · Tham số", 40), ("Readers · Người chỉ đọc", 12)),
)
_COLUMN_HEADS = (
    *(("Table · Bảng", 34), ("Column · Cột", 26), ("Type · Kiểu", 14), ("Meaning", 70), ("Ý nghĩa", 70)),
    *(("Unit · Đơn vị tính", 26), ("From · Lấy từ", 34), ("Example · Ví dụ", 34)),
)
#: The same workbook whenever it is made.
_CREATED = datetime(2025, 7, 1)


def workbook_of(entries: Sequence[Entry]) -> bytes:
    """Returns the XLSX; every cell is text, however it begins."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "motcua: dictionary · từ điển dữ liệu", "created": _CREATED})
        _write(book, "Objects · Đối tượng", _OBJECT_HEADS, (_object_row(entry) for entry in entries))
        _write(book, "Columns · Cột", _COLUMN_HEADS, _column_rows(entries))
    return buffer.getvalue()


def _object_row(entry: Entry) -> tuple[str, ...]:
    return (
        *(entry.name, entry.kind, entry.meaning.en, entry.meaning.vi, entry.grain.en, entry.grain.vi),
        "; ".join(", ".join(key) for key in entry.keys),
        *(", ".join(entry.reads), ", ".join(entry.read_by), ", ".join(entry.rule_sets), entry.arguments),
        "x" if entry.for_readers else "",
    )


def _column_rows(entries: Iterable[Entry]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        for column in entry.columns:
            yield (
                *(entry.name, column.name, column.type, column.meaning.en, column.meaning.vi),
                *(unit_in_words(column), from_where(column), column.example),
            )


def _write(book: Any, title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
    sheet = book.add_worksheet(title)
    bold, wrapped = (
        book.add_format({"bold": True, "bg_color": "#E8EEF4"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for place, (head, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, number, len(heads) - 1)
