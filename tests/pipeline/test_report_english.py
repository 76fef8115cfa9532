"""An English report is English in all its files; the official form alone keeps its Vietnamese, with English below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import fastexcel
import pytest
from docx import Document

from assets.reports.document.document import write_document
from assets.reports.page.page import render_page
from assets.reports.reading.figures import ENGLISH, VIETNAMESE, Figures
from assets.reports.reading.read import read_figures
from assets.reports.words.texts import texts
from assets.reports.workbook.workbook import write_workbook
from tests.pipeline.test_report import _WHOLE
from tests.worlds import World

_VIETNAMESE = re.compile(
    "[àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ]", re.IGNORECASE
)
#: Numbers of documents, which have Vietnamese letters in any language; "estimate" as the form marks it.
_CODES = ("/QĐ-TTg", "/QĐ-……", "BC-ĐKT", "(ước tính)")


def _names(value: Any) -> Iterator[str]:
    """Yields what the warehouse calls units, sectors, procedures and offices, but for Vietnamese texts."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if not field.name.endswith("_vi"):
                yield from _names(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not str(key).endswith("_vi"):
                yield from _names(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _names(inner)
    elif isinstance(value, str) and _VIETNAMESE.search(value):
        yield value
        yield value[0].lower() + value[1:]


def _official() -> list[str]:
    """Returns the words of the form."""
    catalogue = texts(VIETNAMESE)
    topics = (
        catalogue["official_form"],
        *(catalogue["forms"][topic] for topic in ("form", "groups", "columns", "levels")),
    )
    return sorted(
        {text.split("{")[0].strip() for topic in topics for text in _leaves(topic)}, key=len, reverse=True
    )


def _leaves(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _leaves(inner)]
    return [str(value)]


def _vietnamese(shown: Iterable[str], names: Iterable[str]) -> list[str]:
    """Returns what is Vietnamese besides names; long names are cut within a list."""
    left = []
    known = sorted({*names, *_CODES}, key=len, reverse=True)
    for text in shown:
        rest = text
        for name in known:
            rest = rest.replace(name, "")
        rest = re.sub(r"[^()]* … \(", "(", rest)
        if _VIETNAMESE.search(rest):
            left.append(text)
    return left


@pytest.fixture
def english(sample: World) -> Figures:
    return read_figures(sample.engine, replace(_WHOLE, lang=ENGLISH))


def test_the_page_is_english_but_for_the_form(english: Figures) -> None:
    page = re.sub(r"<(script|style)\b.*?</\1>", "", render_page(english, "x.xlsx"), flags=re.DOTALL)
    page = re.sub(r'<th[^>]*lang="vi".*?</th>|<th[^>]*>Đơn vị<small lang="en">', "", page, flags=re.DOTALL)
    page = page.replace("Biểu số II.06a/VPCP/KSTT", "")
    shown = re.findall(r">([^<]+)<", page) + re.findall(
        r'(?:aria-label|title|data-rest-says)="([^"]+)"', page
    )
    assert _vietnamese(map(unescape, shown), _names(english)) == []


def test_the_document_is_english(english: Figures, tmp_path: Path) -> None:
    write_document(english, tmp_path / "x.docx")
    document = Document(str(tmp_path / "x.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert _vietnamese([*(part.text for part in document.paragraphs), *cells], _names(english)) == []


def test_the_workbook_is_english_but_for_the_forms(english: Figures, tmp_path: Path) -> None:
    write_workbook(english, tmp_path / "x.xlsx")
    book = fastexcel.read_excel(tmp_path / "x.xlsx")
    assert [name for name in book.sheet_names if _VIETNAMESE.search(name)] == [
        *("Biểu II.06a", "Biểu II.06b", "Biểu II.06c")
    ]
    for sheet in book.sheet_names:
        rows = book.load_sheet(sheet, header_row=None).to_polars().rows()
        cells = [str(cell) for row in rows for cell in row if cell is not None]
        if sheet.startswith("Biểu"):
            # every Vietnamese cell has its English below it
            assert all("\n" in cell or " / " in cell for cell in _vietnamese(cells, _names(english)))
        else:
            assert _vietnamese(cells, _names(english)) == [], sheet
