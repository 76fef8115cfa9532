"""The files of a report, written whole or not at all, and noted in the register of issues."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from assets.reports.claims.claims_file import ClaimFile
from assets.reports.document.document import write_document
from assets.reports.issue.issues import issued_file, register_issue
from assets.reports.issue.meanwhile import meanwhile, without_searches
from assets.reports.issue.parts import parts_of
from assets.reports.page.page import render_page
from assets.reports.reading.figures import Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.sealed.pdf import render_pdf
from assets.reports.workbook.workbook import write_workbook

PAGE, WORKBOOK, DOCUMENT, PDF = FILES = (*("bao-cao.html", "bieu-II-06.xlsx", "bao-cao.docx", "bao-cao.pdf"),)
#: The same bytes whenever the same report is issued.
SEALED = (PDF,)


def write_report(
    engine: Engine,
    request: Request,
    folder: Path,
    claims: ClaimFile | None = None,
    through: datetime | None = None,
    template: Path | None = None,
) -> Figures:
    """Writes all files into `folder`, made if need be; what stands in them. `through` as in `read_figures`.

    `template` is the office's own for the document. Raises ReportError for what can't be asked and for a template that can't
    be used, IssueError where the sealed file is not what it was, OSError where the folder can't be written to.
    """
    parts = {name: folder / f".{name}.part" for name in FILES}
    try:
        with without_searches():
            figures = _write(engine, request, claims, through, parts, template)
        register(engine, figures, parts)
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        with suppress(NotADirectoryError):  # whatever was to be written there has raised it already
            for part in parts.values():
                part.unlink(missing_ok=True)
    return figures


def _write(
    engine: Engine,
    request: Request,
    claims: ClaimFile | None,
    through: datetime | None,
    parts: dict[str, Path],
    template: Path | None,
) -> Figures:
    with ExitStack() as stack:

        def write_lists(listed: Figures) -> None:
            parts[WORKBOOK].parent.mkdir(parents=True, exist_ok=True)
            # It may have a hundred thousand rows, and takes as long as all that is read and written after it.
            stack.enter_context(meanwhile(partial(write_workbook, listed, parts[WORKBOOK])))

        figures = read_figures(engine, request, claims, through, write_lists)
        # The page takes as long as both others.
        with meanwhile(partial(_write_page, figures, parts[PAGE])):
            # First what may fail: an office's template may be of no use.
            write_document(figures, parts[DOCUMENT], template)
            parts[PDF].write_bytes(render_pdf(figures))
    return figures


def _write_page(figures: Figures, path: Path) -> None:
    path.write_text(render_page(figures, WORKBOOK), encoding="utf-8", newline="\n")


def register(engine: Engine, figures: Figures, files: dict[str, Path]) -> None:
    """Notes the issue of these files, by the name under which they are to stand."""
    if figures.seal is None:
        return
    noted = [
        issued_file(name, path, name in SEALED, parts_of(path) if name == DOCUMENT else None)
        for name, path in files.items()
    ]
    with engine.begin() as connection:
        register_issue(connection, figures.seal, noted)
