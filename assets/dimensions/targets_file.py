"""A file of targets as offices write it: XLSX or CSV, title rows, columns in any order.

Here: bytes to rows with their places, years and shares. Not here: which unit and which indicator a word means
(`targets.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath

from assets.given.csv_records import Row
from assets.given.headings import named_columns, names_of
from assets.given.tables import Table, is_workbook, read_tables, row_place
from assets.given.texts import key, normalise
from assets.given.unreadable import UnreadableExportError
from assets.given.workbook_safety import not_a_workbook
from warehouse_sql.messages import message, message_of
from warehouse_sql.yaml_files import read_yaml

_HEADINGS = names_of(read_yaml(Path(__file__).with_suffix(".yaml")))
_CALLED = {
    "unit": message("Đơn vị hoặc Mã đơn vị"),
    "indicator": message("Chỉ tiêu"),
    "year": message("Năm"),
    "target": message("Mức"),
}
_YEAR = re.compile(r"(?:năm )?((?:19|20)\d{2})")
_SHARE = re.compile(r"(\d{1,9}(?:[.,]\d{1,12})?) ?(%?)")
_LONGEST_SHOWN = 80


class TargetError(ValueError):
    """The targets can't be taken over. The message is one Vietnamese sentence with file, row, value and remedy."""


@dataclass(frozen=True)
class TargetRow:
    """A row as written, with its year and share read; `place` is "hàng 7" of the file called `file`."""

    file: str
    place: str
    unit_code: str | None
    unit_name: str | None
    indicator: str
    year: int
    target: Decimal


def read_target_rows(content: bytes, path: str) -> list[TargetRow]:
    """Returns the rows of all worksheets that have the columns, or of the text file.

    Raises TargetError for the first that is wrong.
    """
    name = normalise(PurePath(path).name)
    try:
        if key(name).endswith((".xlsx", ".xlsm", ".xls")) and content.strip() and not is_workbook(content):
            raise not_a_workbook()
        tables = read_tables(content, _is_heading)
    except UnreadableExportError as error:
        raise TargetError(message("{name}: {error}", name=name, error=message_of(error))) from error
    target_rows = [
        row for table in tables for row in _rows(table, name, table.sheet if len(tables) > 1 else None)
    ]
    if not any(_heading(table) is not None for table in tables):
        raise TargetError(
            message(
                "{name}: không tìm thấy hàng tiêu đề có đủ các cột “Đơn vị” hoặc “Mã đơn vị”, “Chỉ tiêu”, “Năm”, "
                "“Mức”; hãy thêm các cột này rồi nhập lại.",
                name=name,
            )
        )
    if not target_rows:
        raise TargetError(
            message("{name}: không có mức nào dưới hàng tiêu đề; hãy điền các mức rồi nhập lại.", name=name)
        )
    return target_rows


def shown(value: str) -> str:
    """Returns a value as an error names it."""
    return value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"


def _is_heading(row: Row) -> bool:
    meanings = named_columns(row, _HEADINGS)
    return {"indicator", "year", "target"} <= meanings.keys() and bool(
        {"unit_name", "unit_code"} & meanings.keys()
    )


def _heading(table: Table) -> int | None:
    return next((at for at, row in enumerate(table.cells.iter_rows()) if _is_heading(row)), None)


def _rows(table: Table, name: str, sheet: str | None) -> Iterator[TargetRow]:
    start = _heading(table)
    if start is None:
        return
    cells = table.cells.rows()
    columns = named_columns(cells[start], _HEADINGS)
    in_percent = "%" in (cells[start][columns["target"]] or "")
    numbers = table.numbers.to_list()
    for at in range(start + 1, len(cells)):
        if _is_heading(cells[at]):
            continue
        values = {column: cells[at][place] or "" for column, place in columns.items()}
        if any(values.values()):
            place = row_place(numbers[at], normalise(sheet) if sheet else None)
            yield _row(values, name, place, in_percent)


def _row(values: Mapping[str, str], name: str, place: str, in_percent: bool) -> TargetRow:
    unit = values.get("unit_code") or values.get("unit_name") or ""
    for column, value in {"unit": unit, **{c: values[c] for c in ("indicator", "year", "target")}}.items():
        if not value:
            rest = ", ".join(shown(value) for value in values.values() if value)
            raise TargetError(
                message(
                    "{name}: {place} (“{rest}”) để trống cột {column}; hãy điền hoặc xóa hàng này rồi nhập lại.",
                    name=name,
                    place=place,
                    rest=rest,
                    column=_CALLED[column],
                )
            )
    year = _YEAR.fullmatch(key(values["year"]))
    if year is None:
        raise TargetError(
            message(
                "{name}: {place}, năm “{year}” không đọc được; hãy ghi năm bốn chữ số, ví dụ 2024.",
                name=name,
                place=place,
                year=shown(values["year"]),
            )
        )
    return TargetRow(
        file=name,
        place=place,
        unit_code=values.get("unit_code") or None,
        unit_name=values.get("unit_name") or None,
        indicator=values["indicator"],
        year=int(year[1]),
        target=_share(
            values["target"],
            message(
                "{name}: {place}, mức “{target}”", name=name, place=place, target=shown(values["target"])
            ),
            in_percent,
        ),
    )


def _share(written: str, where: str, in_percent: bool) -> Decimal:
    """Returns a share of 1: "95 %" and "95" are 0.95, as is "0,95", which is what a workbook keeps of a cell in
    percent.
    """
    match = _SHARE.fullmatch(normalise(written))
    if match is None:
        raise TargetError(message("{where} không phải tỷ lệ; hãy ghi từ 0 đến 100%, ví dụ 95%.", where=where))
    value = Decimal(match[1].replace(",", "."))
    if match[2] or in_percent or value > 1:
        value /= 100
    if value > 1:
        raise TargetError(message("{where} ngoài khoảng 0 đến 100%; hãy sửa lại, ví dụ 95%.", where=where))
    return round(value, 6).normalize()
