"""What the fuzzer starts from: the samples, cut down to a few rows, as JSON values and as grids of cells."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import fastexcel

from tests.worlds import SAMPLES

Grid = list[list[str]]
_RECORDS = 4
_JULY, _FEBRUARY = SAMPLES / "tinh_bien_2023_07/landing", SAMPLES / "tinh_bien_2023_02_csv/landing"


@dataclass(frozen=True)
class Base:
    """A kind of input: the source that reads it, a path, and whether it is packed."""

    name: str
    source: str
    path: str
    list_field: str = "data"
    packed: bool = False


BASES = (
    Base("dvcqg dossiers", "dvcqg", "2023/07/DongBoHoSoMC_20230717T183000.json"),
    Base("dvcqg dossiers gz", "dvcqg", "2023/07/DongBoHoSoMC_20230717T183000.json.gz", packed=True),
    Base("dvcqg steps", "dvcqg", "2023/07/CapNhatTienDoHoSoMC_20230717T183000.json"),
    Base("dvcqg steps gz", "dvcqg", "2023/07/CapNhatTienDoHoSoMC_20230717T183000.json.gz", packed=True),
    Base("igate", "igate", "2023-07-31/dossiers.json", list_field="content"),
    Base("angiang xlsx", "angiang", "2023/Danh sách hồ sơ_2023_07_17_18_30.xlsx"),
    Base("angiang csv", "angiang", "2023/Danh sách hồ sơ_2023_02_01_18_30.csv"),
)


@cache
def json_text(base: Base) -> str:
    """The sample of that kind with its first records."""
    content = next(
        (_JULY / base.source).rglob(base.path.split("/")[-1].removesuffix(".gz") + "*")
    ).read_bytes()
    value: dict[str, Any] = json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
    value[base.list_field] = value[base.list_field][:_RECORDS]
    return json.dumps(value, ensure_ascii=False)


@cache
def _grid(base: Base) -> Grid:
    if base.name.endswith("csv"):
        content = next((_FEBRUARY / "angiang/2023").glob("*01_18_30.csv")).read_bytes()
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter_of(content)))
    else:
        content = next((_JULY / "angiang/2023").glob("*17_18_30.xlsx")).read_bytes()
        book = fastexcel.read_excel(content)
        frame = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
        rows = [[cell or "" for cell in row] for row in frame.rows()]
    first = first_of_data(rows)
    return rows[: first + _RECORDS] + rows[-2:]


def grid(base: Base) -> tuple[Grid, int]:
    """A copy of titles, headings, a few dossiers and the last rows; and where the dossiers begin."""
    rows = [list(row) for row in _grid(base)]
    return rows, first_of_data(rows)


def first_of_data(rows: Grid) -> int:
    """The first row with a dossier code in it."""
    return next(place for place, row in enumerate(rows) if code_at(row) is not None)


def code_at(row: list[str]) -> int | None:
    """The column of a whole dossier code."""
    return next((place for place, cell in enumerate(row) if cell.startswith("000.") and "-23" in cell), None)


def delimiter_of(content: bytes) -> str:
    """The most frequent of the usual delimiters."""
    return max(";,\t", key=lambda mark: content.count(mark.encode()))


_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships'
    ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>{more}'
    "</Relationships>"
)
_SHARED = (
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"'
    ' Target="sharedStrings.xml"/>'
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BOOK = (
    f'<?xml version="1.0" encoding="UTF-8"?><workbook {_MAIN}'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name={name} sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def column_letters(place: int) -> str:
    """A, B, ... Z, AA, ... of a 0-based column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def xlsx_parts(rows: Grid, sheet: str = "Danh sách", shared: bool = True) -> dict[str, bytes]:
    """The parts of a small workbook with one worksheet of texts."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, cell in enumerate(row):
            if not cell:
                continue
            where = f"{column_letters(place)}{number}"
            if shared:
                cells.append(f'<c r="{where}" t="s"><v>{len(strings)}</v></c>')
                strings.append(f"<si><t>{escape(cell)}</t></si>")
            else:
                cells.append(f'<c r="{where}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS.format(kind="officeDocument", target="xl/workbook.xml", more=""),
        "xl/workbook.xml": _BOOK.format(name=quoteattr(sheet)),
        "xl/_rels/workbook.xml.rels": _RELS.format(
            kind="worksheet", target="worksheets/sheet1.xml", more=_SHARED if shared else ""
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst {_MAIN}>{''.join(strings)}</sst>"
    return {name: text.encode("utf-8", "surrogatepass") for name, text in parts.items()}


def packed(parts: dict[str, bytes], level: int = 1) -> bytes:
    """The parts as a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
