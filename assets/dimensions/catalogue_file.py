"""A catalogue of procedures as portals and decisions give it: XLSX or CSV, title rows, headings in any order.

Here: bytes to procedures, with what could not be read by row. Not here: what the words mean (`catalogue_words.py`,
`limits.py`) and what changes by it (`catalogue.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from assets.dimensions import catalogue_words as words
from assets.dimensions.catalogue import Procedure
from assets.dimensions.limits import Limit, limit_unit, parse_limit
from assets.dimensions.names import procedure_core
from assets.dimensions.procedures import CatalogueError
from assets.given.headings import (
    Headings,
    column_of,
    find_headings,
    is_code_heading,
    is_heading_row,
)
from assets.given.tables import Table, is_workbook, read_tables, row_place
from assets.given.texts import key, normalise, safe_to_show
from assets.given.unreadable import UnreadableExportError
from assets.given.workbook_safety import not_a_workbook
from assets.sources.shapes import SHAPES
from warehouse_sql.messages import message, message_of

_LIST = words.CATALOGUE_LIST
# A row without code and with fewer filled cells is a title, a section or a signature.
_FEWEST_CELLS = 3
_TOTAL = re.compile(r"^(?:tổng cộng|tổng số|tổng|cộng)\b")
_UNIT_IN_HEADING = re.compile(r"\((ngày làm việc|ngày|giờ)\)?$", re.IGNORECASE)
_HOURS_OF_DAY = 8
# Column of the file -> columns of core.dim_procedure that it speaks of.
_COLUMNS_BY_HEADING = {
    **{name: (name,) for name in ("procedure_name", "field_code", "field_name", "level", "service_level")},
    **dict.fromkeys(("limit", "limit_hours"), ("limit_value", "limit_unit")),
    **dict.fromkeys(("online_limit", "online_limit_hours"), ("online_limit_value", "online_limit_unit")),
    **{"fee": ("is_fee_bearing",), "charge": ("is_fee_bearing",), "paper": ("gives_paper_result",)},
    "decision": ("decision",),
}
_CALLED = {
    **{
        "level": message("cấp thực hiện"),
        "service_level": message("mức độ"),
        "paper": message("kết quả bản giấy"),
    },
    **{"fee": message("phí"), "charge": message("lệ phí")},
}
_Value = TypeVar("_Value")


class LimitDoubt(NamedTuple):
    """Something about a limit that people should look at: where it stands and what is written."""

    place: str  # "hàng 7" or "hàng 7 trang tính “Xã”"
    code: str
    written: str


@dataclass
class CatalogueFile:
    """What a file says. `unparsed`: limits that could not be read; `other_cases`: only the ordinary case was."""

    columns: frozenset[str]
    procedures: dict[str, Procedure] = field(default_factory=dict)
    limit_written: dict[str, str] = field(default_factory=dict)
    unparsed: list[LimitDoubt] = field(default_factory=list)
    other_cases: list[LimitDoubt] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class _Row(NamedTuple):
    place: str
    values: Mapping[str, str]  # only what is filled
    field_name: str | None  # of the section it stands in


def read_catalogue(content: bytes, path: str) -> CatalogueFile:
    """Returns the procedures of all worksheets, or of the text file.

    CatalogueError, one Vietnamese sentence with file, row and value, when the file can't be used as it is.
    """
    name = normalise(PurePath(path).name)
    try:
        if key(name).endswith((".xlsx", ".xlsm", ".xls")) and content.strip() and not is_workbook(content):
            raise not_a_workbook()
        tables = read_tables(content, lambda row: is_heading_row(row, _LIST))
    except UnreadableExportError as error:
        raise CatalogueError(message("{name}: {error}", name=name, error=message_of(error))) from error
    lists = [(table, headings) for table in tables if (headings := find_headings(table, _LIST))]
    if not lists:
        raise CatalogueError(
            message(
                "{name}: không tìm thấy hàng tiêu đề có cột “Mã thủ tục”; hãy xuất lại danh mục có cột này (Mã "
                "thủ tục, Mã TTHC) rồi nhập lại.",
                name=name,
            )
        )
    if any(map(_is_dossier_list, tables)):  # it would name citizens, and the archive would keep it
        raise CatalogueError(
            message(
                "{name}: tệp có cột “Mã hồ sơ”, là danh sách hồ sơ chứ không phải danh mục thủ tục; hãy chọn lại "
                "tệp.",
                name=name,
            )
        )
    result, places = CatalogueFile(frozenset({"local_codes"})), dict[str, str]()
    for table, headings in lists:
        named = table.sheet if len(tables) > 1 else None
        result.columns |= {
            column for heading in headings.columns for column in _COLUMNS_BY_HEADING.get(heading, ())
        }
        result.remarks += headings.remarks
        for row in _rows(table, headings, name, named, result):
            _add(result, row, headings, name, places)
    result.columns |= (
        {"field_name"} if any(procedure.field_name for procedure in result.procedures.values()) else set()
    )
    result.remarks = list(dict.fromkeys(result.remarks))
    if not result.procedures:
        raise CatalogueError(
            message(
                "{name}: không có thủ tục nào dưới hàng tiêu đề; hãy xuất lại danh mục rồi nhập lại.",
                name=name,
            )
        )
    return result


def _is_dossier_list(table: Table) -> bool:
    lists = [shape.vocabulary for shape in SHAPES.values() if shape.vocabulary]
    return any(find_headings(table, words) for words in lists)


def _rows(
    table: Table, headings: Headings, name: str, sheet: str | None, result: CatalogueFile
) -> Iterator[_Row]:
    """Yields the rows that are procedures: no title, section, total, signature or repeated heading."""
    data = table.cells.slice(headings.data_from)
    numbers = table.numbers.slice(headings.data_from).to_list()
    if data.is_empty():
        return
    columns = {column: column_of(data, named).to_list() for column, named in headings.columns.items()}
    width = _width(table, headings)
    section = None
    for at, cells in enumerate(data.iter_rows()):
        filled = [cell for cell in cells if cell]
        values_by_column = {column: values[at] for column, values in columns.items() if values[at]}
        place = row_place(numbers[at], normalise(sheet) if sheet else None)
        code = values_by_column.get("code")
        if code is None or not _is_code_like(code, filled):
            section = words.section_sector(filled) or section if len(filled) < _FEWEST_CELLS else section
            if code is None and _is_incomplete(filled):
                result.remarks.append(message("Bỏ qua {place}: không có mã thủ tục.", place=place))
        elif words.is_ended(values_by_column.get("state", "")):
            result.remarks.append(
                message(
                    "Bỏ qua {place}: thủ tục {code} ghi là “{state}”.",
                    place=place,
                    code=code,
                    state=values_by_column["state"],
                )
            )
        elif any(cells[width:]):
            raise CatalogueError(
                message(
                    "{name}: {place} (mã {code}) có nhiều ô hơn hàng tiêu đề, các cột bị lệch; hãy đặt ô có dấu phân "
                    "cách trong ngoặc kép, hoặc lưu tệp dạng .xlsx, rồi nhập lại.",
                    name=name,
                    place=place,
                    code=_shown(code),
                )
            )
        else:
            yield _Row(place, values_by_column, section)


def _width(table: Table, headings: Headings) -> int:
    """Returns the columns of a text file that have a heading: a cell beyond them shows an unquoted delimiter."""
    if table.sheet is not None:
        return table.cells.width  # notes next to the table do no harm in a worksheet
    rows = table.cells.slice(headings.first_row, headings.data_from - headings.first_row).rows()
    return max(place + 1 for row in rows for place, cell in enumerate(row) if cell)


def _is_incomplete(filled: list[str]) -> bool:
    """Too much in it for a title, a section or a signature, and no total."""
    return len(filled) >= _FEWEST_CELLS and not any(_TOTAL.match(key(cell)) for cell in filled)


def _is_code_like(code: str, filled: list[str]) -> bool:
    """Not a heading again, a name under a signature, or the count of a total."""
    if is_code_heading(code, _LIST) or (
        not any(mark.isdigit() for mark in code) and len(filled) < _FEWEST_CELLS
    ):
        return False
    return not (code.isdigit() and any(_TOTAL.match(key(cell)) for cell in filled))


def _add(result: CatalogueFile, row: _Row, headings: Headings, name: str, places: dict[str, str]) -> None:
    written = row.values["code"]
    code = procedure_core(written)
    if code is None:
        raise CatalogueError(
            message(
                "{name}: {place} có mã “{written}” không đúng dạng mã thủ tục (như 1.001193 hoặc "
                "1.001193.000.00.00.H01); hãy sửa mã, để cột mã dạng văn bản, rồi nhập lại.",
                name=name,
                place=row.place,
                written=_shown(written),
            )
        )
    if code in result.procedures:
        raise CatalogueError(
            message(
                "{name}: mã {code} có hai lần, ở {places} và {place}; hãy bỏ một dòng rồi nhập lại.",
                name=name,
                code=code,
                places=places[code],
                place=row.place,
            )
        )
    places[code] = row.place
    values, limits = row.values, _limits(row, headings, name, code, result)
    local = [text for text in (written, values.get("local_code")) if text and normalise(text) != code]
    result.procedures[code] = Procedure(
        procedure_name=values.get("procedure_name"),
        field_code=values.get("field_code"),
        field_name=values.get("field_name") or row.field_name,
        level=_known(values, "level", words.level, row, result),
        service_level=_known(values, "service_level", words.service_level, row, result),
        limit_value=limits[0].value,
        limit_unit=limits[0].unit,
        online_limit_value=limits[1].value,
        online_limit_unit=limits[1].unit,
        is_fee_bearing=_fees(row, result),
        gives_paper_result=_known(values, "paper", words.is_paper, row, result),
        decision=values.get("decision"),
        local_codes=tuple(sorted({normalise(text).upper() for text in local})),
    )


def _known(
    values: Mapping[str, str],
    column: str,
    read: Callable[[str], _Value | None],
    row: _Row,
    result: CatalogueFile,
) -> _Value | None:
    """Returns the meaning of a cell; one that is not understood becomes a remark."""
    if column not in values:
        return None
    value = read(values[column])
    if value is None:
        result.remarks.append(
            message(
                "{place:capital}: {column} “{value}” không rõ, để trống.",
                place=row.place,
                column=_CALLED[column],
                value=_shown(values[column]),
            )
        )
    return value


def _fees(row: _Row, result: CatalogueFile) -> bool | None:
    """Phí and lệ phí may stand in two columns: fees are charged where either is."""
    is_charged = [_known(row.values, column, words.is_fee, row, result) for column in ("fee", "charge")]
    given = [answer for answer in is_charged if answer is not None]
    return any(given) if given else None


def _limits(
    row: _Row, headings: Headings, name: str, code: str, result: CatalogueFile
) -> tuple[Limit, Limit]:
    unit = row.values.get("limit_unit")
    if unit is not None and limit_unit(unit) is None and parse_limit(unit) is None:
        raise CatalogueError(
            message(
                "{name}: {place} có đơn vị thời hạn “{unit}” không biết; hãy ghi “Ngày làm việc”, “Ngày” hoặc "
                "“Giờ” rồi nhập lại.",
                name=name,
                place=row.place,
                unit=_shown(unit),
            )
        )
    limits = []
    for column in ("limit", "online_limit"):
        text = row.values.get(column)
        hours = row.values.get(f"{column}_hours")
        if text is not None:
            heading = _UNIT_IN_HEADING.search(headings.columns[column][0][0])
            limit = parse_limit(text, unit or (heading[1] if heading else None))
        else:
            text, limit = hours, _of_hours(hours, unit)
        if text is not None:
            doubt = LimitDoubt(row.place, code, _shown(text))
            if column == "limit":
                result.limit_written[code] = text
            if limit is None:
                result.unparsed.append(doubt)
            elif limit.has_other_cases:
                result.other_cases.append(doubt)
        limits.append(limit or Limit(None, None))
    return limits[0], limits[1]


def _of_hours(hours: str | None, unit: str | None) -> Limit | None:
    """Returns a limit counted in working hours, eight to a day, as some portals keep it inside."""
    if hours is None or not re.fullmatch(r"\d+(?:[.,]\d+)?", hours):
        return parse_limit(hours)
    value, known = float(hours.replace(",", ".")), limit_unit(unit or "")
    if known is None or known[1] == "hour" or value % _HOURS_OF_DAY:
        return Limit(value, "hour")
    return Limit(value / _HOURS_OF_DAY, known[1])


def _shown(value: str) -> str:
    """Returns a value of the file; where columns have slipped it may be anything, and is then described."""
    text = normalise(value)
    if any(mark.isdigit() for mark in text) or len(text) <= 40:
        return text if len(text) <= 80 else text[:79] + "…"
    return safe_to_show(text)
