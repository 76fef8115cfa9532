"""The demo as a newcomer runs it, in a home of its own with the embedded server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from assets.given.vietnamese import number, percent
from pipelines.simulator.targets import TINH_BIEN_2023
from tests.browser.conftest import DESKTOP, MOST_PIXELS, MOST_SHEETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def motcua(home: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
        env=environment | {"MOTCUA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_the_demo_says_the_sentence_of_the_inspection_report(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    targets = TINH_BIEN_2023
    timely = targets.resolved - targets.resolved_late
    shown = motcua(tmp_path, "demo")
    (line,) = [line for line in shown.splitlines() if line.startswith("Từ ")]
    assert "67.753 (96,2 %)" in line, "what reads this sentence goes on reading it"
    for words in (
        f"tiếp nhận trực tiếp {number(targets.received)} hồ sơ",
        f"đã giải quyết {number(targets.resolved)} ({percent(targets.resolved, targets.received)})",
        f"trước hạn và đúng hạn {number(timely)}",
        f"quá hạn {number(targets.resolved_late)}",
        f"đang giải quyết quá hạn {number(targets.pending_overdue)}",
    ):
        assert words in line.replace(" %", "%")
    # The published figures, as the report of 1/9/2023 has them.
    assert (targets.received, targets.resolved, timely, targets.pending_overdue) == (
        70_426,
        67_753,
        67_269,
        448,
    )

    period = ("--from", "2022-12-15", "--to", "2023-08-30")
    motcua(tmp_path, "report", *period, "--unit", "890", "--out", str(tmp_path / "ra"))
    written = [paragraph.text for paragraph in Document(str(tmp_path / "ra" / "bao-cao.docx")).paragraphs]
    # A sentence that is signed names no rule set, and writes a share as circulars do.
    signed = line.replace(" %", "%").replace(" (bộ quy tắc ii06)", "")
    assert signed in [text.replace("\u00a0", " ") for text in written]
    (explained,) = [text for text in written if text.startswith("Hai con số về quá hạn")]
    assert "(67.753 − 67.269 = 484); 448 là số hồ sơ còn đang giải quyết" in explained

    again = json.loads(motcua(tmp_path, "run", "--json"))
    assert (again["files_loaded"], again["dossiers_derived"]) == (0, 0)
    (town,) = json.loads(
        motcua(
            tmp_path,
            "sql",
            "select count(distinct unit_code) as units, sum(received_online)::float / sum(received_total) as online"
            " from mart.form_ii06('2022-12-15', '2023-08-30')",
            "--json",
        )
    )
    assert town["units"] == 15
    assert 0 < town["online"] < 0.15
    claims = _check_claims(tmp_path)
    _check_year_before(tmp_path)
    # The browser is asked for last, so that everything before is tested where there is none.
    _check_length(tmp_path, claims, request.getfixturevalue("browser"))


def _check_claims(home: Path) -> Path:
    """Compares what the town's own report claimed with what the warehouse has. Returns the file of claims."""
    claims = home / "số liệu đã nêu.yaml"
    claims.write_text(
        "- {figure: tiếp nhận trực tiếp, value: 70.426}\n- {figure: đã giải quyết, value: 67.753}\n"
        "- {figure: tỷ lệ, value: '96,2 %'}\n- {figure: trước và đúng hạn, value: 67.269}\n"
        "- {figure: hồ sơ quá hạn, value: 448}\n",
        encoding="utf-8",
    )
    period = ("--from", "2022-12-15", "--to", "2023-08-30", "--unit", "890")
    shown = motcua(home, "report", *period, "--out", str(home / "ra"), "--claims", str(claims))
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    (overdue,) = [line for line in lines if line.startswith("hồ sơ quá hạn ")]
    assert overdue.startswith("hồ sơ quá hạn Thị xã Tịnh Biên 448 484 −36 Đang giải quyết quá hạn cuối ngày")
    assert (
        sum(" 0 Đúng như tính lại" in line or " 0,0 điểm % Đúng như tính lại" in line for line in lines) == 4
    )
    assert "67.753 − 67.269 = 484, không phải 448 như đã nêu ở “hồ sơ quá hạn” (Thị xã Tịnh Biên)." in lines
    assert "đúng là báo cáo" in motcua(home, "report", "verify", str(home / "ra" / "bao-cao.pdf"))
    return claims


def _check_length(home: Path, claims: Path, browser: Browser) -> None:
    """Measures the page of a district with all that people add to it: claims, targets, findings, answers to the checklist."""
    given = home / "chi-tieu.csv"
    given.write_text(
        "Mã đơn vị,Chỉ tiêu,Năm,Mức\n890,on_time:ii06,2023,98\n30526,4.1,2023,60\n", encoding="utf-8"
    )
    motcua(home, "targets", "import", str(given), "--yes")
    for unit, indicator in (
        ("890", "overdue_open"),
        ("30511", "prohibited_papers"),
        ("30526", "resolved_late_direct"),
    ):
        finding = (
            "--finding",
            "Hồ sơ quá hạn còn nhiều",
            "--measure",
            "Giải quyết dứt điểm",
            "--due",
            "2023-07-31",
        )
        days = ("--from", "2022-12-15", "--to", "2023-06-14", "--indicator", indicator)
        motcua(home, "findings", "add", "--inspection", "QĐ 417/QĐ-UBND", "--unit", unit, *days, *finding)
    answer = ("--unit", "30526", "--answer", "chưa đạt", "--on", "2023-06-20")
    motcua(home, "findings", "check", "qr_scanners", "--inspection", "QĐ 417/QĐ-UBND", *answer)
    period = ("--from", "2022-12-15", "--to", "2023-08-30", "--unit", "890", "--claims", str(claims))
    for lang in ("vi", "en"):
        motcua(home, "report", *period, "--lang", lang, "--out", str(home / lang))
        page = browser.new_page(viewport=DESKTOP)
        page.goto((home / lang / "bao-cao.html").as_uri())
        assert page.evaluate("document.documentElement.scrollHeight") <= MOST_PIXELS
        # Of five claims the one that differs is seen at once.
        section = page.locator('section[aria-labelledby="so-da-neu"]')
        assert section.locator("tbody tr:visible").count() == 1
        assert section.locator("details summary").inner_text().endswith(": 4")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= MOST_SHEETS
        page.close()


def _check_year_before(home: Path) -> None:
    """The twelve months before: another year to compare with, and what it left to the period."""
    former, period = (
        json.loads(
            motcua(
                home,
                "sql",
                "select sum(received_online + received_direct_postal)::int as received, sum(carried_over)::int as carried,"
                " sum(resolved_total)::int as resolved, sum(pending_total)::int as pending"
                f" from mart.form_ii06('{days[0]}', '{days[1]}')",
                "--json",
            )
        )[0]
        for days in (("2021-12-15", "2022-12-14"), ("2022-12-15", "2023-08-30"))
    )
    assert former["carried"] == 0 and former["received"] > period["received"] / 3 > 0
    assert period["carried"] == former["pending"] > 1_000
    assert former["received"] - former["resolved"] == former["pending"]
