"""A report whose period goes on after the last export: counted up to there, and said so in every heading."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from assets.reports.issue.write import DOCUMENT, PAGE, PDF, WORKBOOK, write_report
from assets.reports.reading.figures import Request
from assets.reports.reading.read import read_figures
from tests.pipeline.sealed_world import JULY
from tests.worlds import World

_SENTENCES = {
    "vi": "số liệu tính đến hết ngày 20/07/2023",
    "en": "counted to the end of 20 Jul 2023",
}
_CUT = replace(JULY, date_to=date(2023, 7, 20))


def _texts_of_workbook(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    return re.findall(r"<t[^>]*>([^<]*)</t>", strings)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_heading_names_the_last_day_counted(small: World, tmp_path: Path, lang: str) -> None:
    write_report(small.engine, replace(JULY, lang=lang), tmp_path / "ra")
    header, _, _ = (tmp_path / "ra" / PAGE).read_text(encoding="utf-8").partition("</header>")
    assert header.count(_SENTENCES[lang]) >= 1
    assert any(_SENTENCES[lang] in shown for shown in _texts_of_workbook(tmp_path / "ra" / WORKBOOK))
    document = [
        paragraph.text.replace("\u00a0", " ")
        for paragraph in Document(str(tmp_path / "ra" / DOCUMENT)).paragraphs
    ]
    assert any(_SENTENCES[lang] in shown for shown in document)
    if shutil.which("pdftotext"):
        pdf = subprocess.run(
            ["pdftotext", str(tmp_path / "ra" / PDF), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert _SENTENCES[lang] in " ".join(pdf.replace("\u00a0", " ").split())


def test_a_period_that_is_over_says_nothing_of_it(small: World, tmp_path: Path) -> None:
    write_report(small.engine, _CUT, tmp_path / "ra")
    assert "số liệu tính đến hết" not in (tmp_path / "ra" / PAGE).read_text(encoding="utf-8")


def test_every_figure_is_that_of_the_period_up_to_that_day(small: World) -> None:
    whole, cut = read_figures(small.engine, JULY), read_figures(small.engine, _CUT)
    assert (whole.counted_to, cut.counted_to) == (date(2023, 7, 20), date(2023, 7, 20))
    for name in ("form", "form_sector", "line", "days", "late", "overdue", "edited", "sections"):
        assert getattr(whole, name) == getattr(cut, name), name
    # The page itself adds up: sectors to the form, Annex II to column 11.
    assert len(whole.overdue) == sum(row["pending_overdue"] for row in whole.form)


def test_a_report_as_known_then_ends_with_the_horizon_of_then(small: World) -> None:
    known_at = datetime(2023, 7, 18, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    figures = read_figures(small.engine, replace(JULY, known_at=known_at))
    assert figures.counted_to == date(2023, 7, 17)
    assert [row["date"] for row in figures.days][-1] == date(2023, 7, 17)
    assert figures.overdue == []


def test_a_period_that_begins_later_has_what_was_open_then(small: World) -> None:
    figures = read_figures(small.engine, Request(date(2023, 8, 1), date(2023, 8, 31)))
    assert [(row["received_total"], row["carried_over"], row["resolved_total"]) for row in figures.form] == [
        (3, 3, 0)
    ]
    assert figures.days == []
