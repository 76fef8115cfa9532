"""The files of a report, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from assets.reports.document import write_document
from assets.reports.figures import Figures, Request, read_figures
from assets.reports.page import render_page
from assets.reports.workbook import write_workbook

PAGE, WORKBOOK, DOCUMENT = "bao-cao.html", "bieu-II-06.xlsx", "bao-cao.docx"


def write_report(engine: Engine, request: Request, folder: Path, template: Path | None = None) -> Figures:
    """Writes page, workbook and document into `folder`, made if need be; what stands in them.

    `template` is the office's own for the document. ReportError for what can't be asked and for a template that can't
    be used, OSError where the folder can't be written to.
    """
    figures = read_figures(engine, request)
    folder.mkdir(parents=True, exist_ok=True)
    page, workbook, document = parts = [folder / f".{name}.part" for name in (PAGE, WORKBOOK, DOCUMENT)]
    try:
        page.write_text(render_page(figures, WORKBOOK), encoding="utf-8", newline="\n")
        write_workbook(figures, workbook)
        write_document(figures, document, template)
        for part, name in zip(parts, (PAGE, WORKBOOK, DOCUMENT), strict=True):
            part.replace(folder / name)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return figures
