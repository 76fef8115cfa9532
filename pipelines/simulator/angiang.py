"""The province's list for people, Danh sách hồ sơ: XLSX with title rows, or CSV. No channel, no procedure code."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

import polars as pl

from assets.dimensions.units import REFORM
from pipelines.simulator.national import joined
from pipelines.simulator.places import PLACES, PROCEDURES
from pipelines.simulator.words import LIST, STATUS_WORDS, has_due, holder, look_up, procedure, written

_TITLE = "DANH SÁCH HỒ SƠ THỦ TỤC HÀNH CHÍNH"
HEADINGS = (
    "STT",
    "Đơn vị tiếp nhận",
    "Lĩnh vực",
    "Tên thủ tục hành chính",
    "Mã hồ sơ",
    "Trạng thái",
    "Địa chỉ",
    "Chủ hồ sơ",
    "Ngày nộp hồ sơ",
    "Ngày nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Đơn vị/cá nhân giải quyết",
)
_COLUMNS = "ABCDEFGHIJKLM"
_GROUP, _GROUPED = "Thời gian", range(8, 12)
_FIRST_ROW = 8
_DESK = "Bộ phận Một cửa"


def list_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Returns one row per row of `Statements.provincial`: the cells from column B on, named A to M; and `code`."""
    address = ["TX. Tịnh Biên, An Giang" if p.valid_from < REFORM else "An Giang" for p in PLACES]
    return rows.select(
        "code",
        B=look_up([place.name for place in PLACES], "place"),
        C=procedure([p.field_name for p in PROCEDURES]),
        D=procedure([p.name for p in PROCEDURES]),
        E=pl.col("code"),
        F=look_up(list(STATUS_WORDS), "status"),
        G=look_up(address, "place"),
        H=holder(),
        I=written("submitted", LIST),
        J=written("received", LIST),
        K=written("due_then", LIST, has_due()),
        L=written("ended", LIST),
        M=pl.lit(_DESK),
    )


def csv_file(cells: pl.DataFrame, moment: datetime) -> str:
    """Returns the list as text: semicolons, one row of headings; `moment` is the naive local time of the export."""
    numbered = cells.with_columns(A=pl.int_range(1, pl.len() + 1).cast(pl.String))
    rows = numbered.select(row=pl.concat_str([*_COLUMNS], separator=";"))["row"].to_list()
    lines = [
        _TITLE,
        f"Thời điểm xuất: {moment:{LIST}}",
        "",
        ";".join(HEADINGS),
        *rows,
        f";Tổng cộng;;;{len(rows)}",
    ]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def sheet_xml(cells: pl.DataFrame, start: date, moment: datetime) -> str:
    """Returns the worksheet; `start` is the first day of the period, `moment` the naive local time of the export."""
    top = [
        "ỦY BAN NHÂN DÂN TỈNH AN GIANG",
        _TITLE,
        f"Từ ngày {start:%d/%m/%Y} đến ngày {moment:%d/%m/%Y}",
        f"Thời điểm xuất: {moment:{LIST}}",
    ]
    head = [f'<row r="{n}">{_cell("A", n, text)}</row>' for n, text in enumerate(top, start=1)]
    upper = "".join(
        _cell(column, 6, _GROUP if place in _GROUPED else name)
        for place, (column, name) in enumerate(zip(_COLUMNS, HEADINGS, strict=True))
        if place not in _GROUPED or place == _GROUPED[0]
    )
    lower = "".join(_cell(_COLUMNS[place], 7, HEADINGS[place]) for place in _GROUPED)
    head += [f'<row r="6">{upper}</row>', f'<row r="7">{lower}</row>']
    foot_row = _FIRST_ROW + cells.height + 1
    foot = f'<row r="{foot_row}">{_cell("B", foot_row, "Tổng cộng")}<c r="E{foot_row}"><v>{cells.height}</v></c></row>'
    merged = [f"A{n}:M{n}" for n in (1, 2, 3)] + ["I6:L6"]
    merged += [f"{_COLUMNS[place]}6:{_COLUMNS[place]}7" for place in range(13) if place not in _GROUPED]
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(head)
        + "".join(_sheet_rows(cells))
        + foot
        + f'</sheetData><mergeCells count="{len(merged)}">{merges}</mergeCells></worksheet>'
    )


def _cell(column: str, row: int, text: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _sheet_rows(cells: pl.DataFrame) -> list[str]:
    """Returns the rows as XML; an empty cell is left out. The texts hold no mark that XML would have to escape."""
    numbered = cells.with_columns(
        n=pl.int_range(_FIRST_ROW, _FIRST_ROW + pl.len()).cast(pl.String),
        A=pl.int_range(1, pl.len() + 1).cast(pl.String),
    )
    parts: list[str | pl.Expr] = [
        '<row r="',
        pl.col("n"),
        '"><c r="A',
        pl.col("n"),
        '"><v>',
        pl.col("A"),
        "</v></c>",
    ]
    for column in _COLUMNS[1:]:
        cell = pl.concat_str(
            pl.lit(f'<c r="{column}'),
            "n",
            pl.lit('" t="inlineStr"><is><t>'),
            column,
            pl.lit("</t></is></c>"),
        )
        parts.append(pl.when(pl.col(column) == "").then(pl.lit("")).otherwise(cell))
    parts.append("</row>")
    rows: list[str] = joined(numbered, parts).to_list()
    return rows


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORKBOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE}"><sheets><sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def workbook(sheet: str) -> bytes:
    """Returns a workbook of that one worksheet. Written part by part: cell by cell takes ten times as long."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {name: _DECLARED + text for name, text in _WORKBOOK.items()} | {
            "xl/worksheets/sheet1.xml": sheet
        }
        for name, text in parts.items():
            # A fixed date: the same seed gives the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text.encode(), compresslevel=1)
    return content.getvalue()
