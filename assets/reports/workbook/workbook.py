"""Forms II.06a, b and c as a workbook, with the lists behind them; the same bytes for the same figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from assets.reports.reading.by_sector import unit_sectors
from assets.reports.reading.figures import Figures
from assets.reports.words import wording
from assets.reports.words.form_texts import FormWords
from assets.reports.workbook.cell_formats import Formats, formats_of, set_up_print, write_text
from assets.reports.workbook.form_sheets import forms, write_form
from assets.reports.workbook.list_sheets import lists, write_list

_LINE_POINTS, _LINE_LETTERS = 16, 105  # of the widest column of "Cơ sở số liệu"
_UNKNOWN_MOMENT = datetime(2000, 1, 1)


def write_workbook(figures: Figures, path: Path) -> None:
    """Writes the workbook to `path`."""
    words = FormWords(figures.request.lang)
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        title = f"{words.say('form.stamp', letter='a, b, c')} – {words.period(figures)}"
        book.set_properties(
            {
                "title": title,
                "author": "motcua",
                "keywords": figures.seal.mark if figures.seal else "",
                "created": moment(figures),
            }
        )
        formats = formats_of(book, words)
        for form in forms(figures, unit_sectors(figures), words):
            sheet = book.add_worksheet(words.say("form.sheet", letter=form.letter))
            write_form(sheet, formats, figures, form, words)
        for listing in lists(figures, words):
            write_list(book.add_worksheet(words.say(listing.sheet)), formats, figures, listing, words)
        _write_basis(book.add_worksheet(words.say("lists.basis_sheet")), formats, figures, words)
    finally:
        book.close()


def moment(figures: Figures) -> datetime:
    """Returns when the figures were known, for the properties of a file: not when it was written."""
    known = figures.request.known_at or figures.last_exported_at or _UNKNOWN_MOMENT
    return known.replace(tzinfo=None, microsecond=0)


def _write_basis(sheet: Any, formats: Formats, figures: Figures, words: FormWords) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    pairs = basis(figures, words)
    for at, (name, content) in enumerate(pairs):
        write_text(sheet, at, 0, name, formats, "wrapped")
        # A wrapped row is as high as it says: not every program works it out.
        sheet.set_row(at, _LINE_POINTS * max(1, -(-len(content) // _LINE_LETTERS)))
        write_text(sheet, at, 1, content, formats, "wrapped")
    set_up_print(sheet, (0, 0), (len(pairs) - 1, 1), words)


def _with_parts(figures: Figures, asked: str, words: FormWords) -> str:
    has_parts = any(row["level"] in ("district", "province") for row in figures.asked_units)
    return words.say("units.parts", names=asked) if has_parts else asked


def basis(figures: Figures, words: FormWords) -> list[tuple[str, str]]:
    """Returns what the figures rest on: (name, text)."""
    asked = ", ".join(f"{row['unit_name']} ({row['unit_code']})" for row in figures.asked_units)
    optional = [
        ("basis.unit_view", wording.unit_view(figures)),
        ("basis.feeds", wording.incomplete_feeds(figures)),
    ]
    checks = " ".join(wording.check_warnings(figures)) or words.say("basis.checks_good")
    return [
        (words.say("basis.period"), words.period(figures).split(": ", 1)[-1]),
        (words.say("basis.units"), _with_parts(figures, asked, words) if asked else words.say("units.none")),
        (words.say("basis.sentence"), wording.inspection_sentence(figures)),
        (words.say("basis.known"), wording.known(figures)),
        (words.say("basis.covered"), words.day(figures.covered_through)),
        *((words.say(name), content) for name, content in optional if content),
        (words.say("basis.checks"), checks),
        (words.say("basis.sectors"), words.say("basis.sectors_note")),
        (words.say("basis.rules", rule_set=figures.request.rule_set), wording.rules(figures)),
        *(
            (
                words.say("basis.source", source=row["source"]),
                words.say(
                    "basis.source_line",
                    title=wording.source_name(figures, row["source"]),
                    files=words.number(row["files_loaded"]),
                    rows=words.number(row["rows_read"]),
                    exported=words.instant(row["last_exported_at"]),
                ),
            )
            for row in figures.sources
        ),
        (words.say("basis.quarantine"), words.number(sum(row["row_count"] for row in figures.quarantine))),
    ]
