"""The table in docs/report.md that says where each sentence of the inspection is answered holds of the files themselves."""

from __future__ import annotations

from pathlib import Path

import fastexcel
from docx import Document

from assets.reports.findings.findings import add_finding
from assets.reports.issue.write import DOCUMENT, PDF, WORKBOOK, write_report
from assets.reports.page.page import render_page
from assets.reports.words.texts import texts
from tests.pipeline.sealed_world import finding
from tests.pipeline.test_report import _WHOLE
from tests.pipeline.test_sealed_report import _CLAIMS, _text
from tests.worlds import World

_DOCS = Path(__file__).parents[2] / "docs" / "report.md"


def _answers() -> list[list[list[str]]]:
    """Returns the rows of the table: sections of the document and of the sealed issue, and sheets."""
    table = _DOCS.read_text(encoding="utf-8").split("## Each sentence of the inspection")[1]
    rows = [line.strip("|\n ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [[_named(cell) for cell in row[1:]] for row in rows[1:]]


def _named(cell: str) -> list[str]:
    """Returns what a cell names; a name with a semicolon of its own stands alone."""
    own = texts("vi")["forms"]["headings"]["findings"]
    return [cell.strip()] if cell.strip().endswith(own) else [name.strip() for name in cell.split(";")]


def test_every_section_and_sheet_of_the_table_exists(sample: World, tmp_path: Path) -> None:
    with sample.engine.begin() as connection:
        add_finding(connection, finding())
    figures = write_report(sample.engine, _WHOLE, tmp_path / "ra", _CLAIMS)
    document = Document(str(tmp_path / "ra" / DOCUMENT))
    headings = [
        part.text for part in document.paragraphs if part.style and part.style.name.startswith("Heading")
    ]
    sheets = fastexcel.read_excel(tmp_path / "ra" / WORKBOOK).sheet_names
    sealed = _text(tmp_path / "ra" / PDF)
    page = render_page(figures, WORKBOOK)
    # only where targets are given
    sheets = [*sheets, texts("vi")["forms"]["lists"]["targets_sheet"]]
    answers = _answers()
    assert len(answers) >= 16
    for of_document, of_sealed, of_workbook in answers:
        for name in of_document:
            assert name.upper() in headings, name
        for name in of_sealed:
            assert name in sealed, name
        for name in of_workbook:
            assert name in sheets, name
    assert all(
        f'<h2 id="{place}"' in page for place in ("cau", "can-xem-lai", "viec-can-lam", "bieu", "qua-han")
    )


def test_every_sheet_answers_something_or_says_what_figures_rest_on(sample: World, tmp_path: Path) -> None:
    with sample.engine.begin() as connection:
        add_finding(connection, finding())
    write_report(sample.engine, _WHOLE, tmp_path / "ra", _CLAIMS)
    sheets = fastexcel.read_excel(tmp_path / "ra" / WORKBOOK).sheet_names
    named = {name for row in _answers() for name in row[2]}
    assert set(sheets) <= named
