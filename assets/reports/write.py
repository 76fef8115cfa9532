"""The files of a report, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from assets.reports.figures import Figures, Request, read_figures
from assets.reports.page import render_page
from assets.reports.workbook import write_workbook

PAGE, WORKBOOK = "bao-cao.html", "bieu-II-06.xlsx"


def write_report(engine: Engine, request: Request, folder: Path) -> Figures:
    """Writes page and workbook into `folder`, made if need be; what stands in them.

    ReportError for what can't be asked, OSError where the folder can't be written to.
    """
    figures = read_figures(engine, request)
    folder.mkdir(parents=True, exist_ok=True)
    page, workbook = (folder / f".{name}.part" for name in (PAGE, WORKBOOK))
    try:
        page.write_text(render_page(figures, WORKBOOK), encoding="utf-8", newline="\n")
        write_workbook(figures, workbook)
        page.replace(folder / PAGE)
        workbook.replace(folder / WORKBOOK)
    finally:
        page.unlink(missing_ok=True)
        workbook.unlink(missing_ok=True)
    return figures
