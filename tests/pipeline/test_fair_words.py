"""What was edited and what a portal stated late: in every file with its base rate, the innocent explanation first."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.reports.issue.write import DOCUMENT, FILES, PAGE, PDF, WORKBOOK, write_report
from assets.reports.reading.figures import Request
from tests.worlds import World, national, provincial

#: In every file: changes and delay, each the innocent word before the count, which is followed by its rate.
_WORDS = {
    "vi": (
        r"Sửa thường có lý do chính đáng.*?200,0 (thay đổi )?trên 1\.000 hồ sơ đã tiếp nhận",
        r"(là độ trễ, không phải sửa|nguồn khác đã ghi trước): Cổng Dịch vụ công quốc gia 1 lần, 1 hồ sơ "
        r"\(200,0 trên 1\.000 hồ sơ đã tiếp nhận\), một nửa trễ không quá 48 giờ",
    ),
    "en": (
        r"Changes mostly have a good reason.*?200\.0 (changes )?per 1,000 dossiers received",
        r"(its delay and no edit|another source had said so before): National Public Service Portal 1 time, 1 dossier "
        r"\(200\.0 per 1,000 received\), half of the delays at most 48 hours",
    ),
}


def _text(path: Path) -> str:
    """Returns what a file shows, on one line."""
    if path.name == PDF:
        if not shutil.which("pdftotext"):
            pytest.skip("pdftotext is not on this machine")
        shown = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    elif path.name == PAGE:
        shown = re.sub(r"<script.*?</script>|<[^>]+>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    else:
        part = {DOCUMENT: "word/document.xml", WORKBOOK: "xl/sharedStrings.xml"}[path.name]
        shown = re.sub(r"<[^>]+>", "", zipfile.ZipFile(path).read(part).decode())
    return re.sub(r"\s+", " ", html.unescape(shown).replace("\u2060", ""))


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Of five dossiers one has its day of reception moved, and of one the national copy is two days late."""
    world = World(warehouse, tmp_path)
    dates, ended = {"received": "2023-07-03 08:00", "due": "2023-07-27 17:00"}, "2023-07-20 10:00"
    codes = [f"000.26.33.H01-230703-{n:04}" for n in range(5)]
    first, late, *others = [national(code, **dates) for code in codes]
    world.say_national("2023-07-17 18:30", first, late, *others)
    moved = national(codes[0], **(dates | {"received": "2023-07-04 08:00"}))
    world.say_provincial("2023-07-20 18:30", provincial(codes[1], **dates, status=4, ended=ended))
    world.say_national("2023-07-21 18:30", moved, late, *others)
    world.say_national(
        "2023-07-22 18:30", moved, national(codes[1], **dates, status=10, ended=ended), *others
    )
    world.run()
    return world


@pytest.mark.parametrize("lang", _WORDS)
def test_changes_and_delays_are_told_fairly_in_every_file(world: World, tmp_path: Path, lang: str) -> None:
    request = Request(date(2023, 7, 1), date(2023, 7, 31), lang=lang)
    figures = write_report(world.engine, request, tmp_path / lang)
    assert (figures.listed("edited"), [row["dossiers"] for row in figures.delays]) == (1, [1])
    for name in FILES:
        shown = _text(tmp_path / lang / name)
        for wording in _WORDS[lang]:
            assert re.search(wording, shown), (name, wording)
