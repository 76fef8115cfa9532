"""The inspection report: its figures, what it does with hostile text, and that a past moment stays what it was."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fastexcel
import pytest
from sqlalchemy import Engine, text

from assets.given.vietnamese import number, percent
from assets.reports.issue.write import FILES, PAGE, WORKBOOK, write_report
from assets.reports.page.page import SCRIPT
from assets.reports.reading.figures import Figures, Request
from assets.reports.reading.read import read_figures
from assets.reports.words import wording
from assets.reports.words.wording import FORM_COLUMNS
from assets.sources.feed import Feed
from tests.worlds import SAMPLES, World, national, provincial, step
from warehouse_sql.sql_files import statements_of_file

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_SAMPLE = SAMPLES / "tinh_bien_2023_02_csv"
_EXPECTED: dict[str, Any] = json.loads((_SAMPLE / "expected.json").read_text(encoding="utf-8"))
_FROM, _TO = (date.fromisoformat(day) for day in _EXPECTED["period"])
_WHOLE = Request(_FROM, _TO, units=("890",))
_TOPICS = ("form", "line", "days", "late", "overdue", "edited", "sections.portal_cells")


def _form_of_page(page: str) -> dict[str, list[str]]:
    (table,) = re.findall(r'<table class="form.*?</table>', page, re.DOTALL)
    rows = re.findall(r'<tr[^>]*><td[^>]*>\d*</td><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    return {unescape(name): re.findall(r'<td class="n">([\d.-]+)</td>', cells) for name, cells in rows}


def _form_of_workbook(path: Path) -> dict[str, list[int | None]]:
    sheet = fastexcel.read_excel(path).load_sheet("Biểu II.06a", header_row=None, skip_rows=10)
    rows = sheet.to_polars().iter_rows()
    # Columns with the place to sign below them are text to the reader.
    return {
        row[1] or row[0]: [None if value is None else int(float(value)) for value in row[2:13]]
        for row in rows
        if row[2] is not None
    }


@pytest.mark.both_servers
def test_page_and_workbook_have_the_figures_of_the_sample(sample: World, tmp_path: Path) -> None:
    figures = write_report(sample.engine, _WHOLE, tmp_path / "ra")
    page = (tmp_path / "ra" / PAGE).read_text(encoding="utf-8")
    names = dict(sample.ask("select unit_code, unit_name from core.dim_unit where valid_from = '1900-01-01'"))
    expected = {
        names[key.split("@")[0]]: [counts[name] for name, _ in FORM_COLUMNS]
        for key, counts in _EXPECTED["ii06"].items()
    }
    total = [_EXPECTED["ii06_total"][name] for name, _ in FORM_COLUMNS]

    shown = _form_of_page(page)
    assert shown.pop("Kiểm tra 1 = 5 + 9") == ["0"]
    assert shown == {
        name: [number(count) for count in counts] for name, counts in (expected | {"Tổng số": total}).items()
    }
    written = _form_of_workbook(tmp_path / "ra" / WORKBOOK)
    checks = [written.pop(name) for name in list(written) if name.startswith("Kiểm tra")]
    assert [[count for count in row if count is not None] for row in checks] == [[0, 0, 0], [0]]
    assert written == expected | {"TỔNG SỐ": total}

    by_day = {row["date"].isoformat(): row["overdue_open"] for row in figures.days}
    assert by_day == {day: _EXPECTED["overdue_daily"].get(day, 0) for day in by_day}
    assert len(by_day) == (_TO - _FROM).days + 1
    assert len(figures.overdue) == total[-1]
    assert len(figures.late) == sum(row["resolved_late"] for row in figures.form)
    assert all(row["due_at"].date() < row["ended_at"].date() <= _TO for row in figures.late)
    assert all(row["due_at"].date() < _TO for row in figures.overdue)

    then = read_figures(sample.engine, replace(_WHOLE, known_at=datetime.now(_HERE)))
    assert replace(then, request=_WHOLE) == figures, "known as of this moment is what is known now"


def test_a_report_says_which_feeds_it_rests_on_are_not_complete(sample: World, tmp_path: Path) -> None:
    for source in ("angiang", "dvcqg"):
        sample.promise(source, Feed(every="working_day"))
    sample.run()
    write_report(sample.engine, _WHOLE, tmp_path / "ra")
    page = unescape((tmp_path / "ra" / PAGE).read_text(encoding="utf-8"))
    gaps = "thiếu tệp ngày 02/02/2023, 06/02/2023, 08/02/2023, 10/02/2023, 14/02/2023 và 1 ngày khác đến 16/02/2023"
    line = f"Số liệu dựa trên nguồn chưa đủ: angiang {gaps}; dvcqg {gaps}."
    assert line in page
    basis = fastexcel.read_excel(tmp_path / "ra" / WORKBOOK).load_sheet("Cơ sở số liệu", header_row=None)
    assert ("Nguồn chưa đủ", line) in basis.to_polars().rows()
    # Every figure carries the mark, and leads to what it means; so do the days of both charts.
    markup = page.rpartition("<script>")[0]
    tiles, captions = (
        re.findall(r"<dd>(.*?)</dd></div>", page),
        re.findall(r"<caption[^>]*>(.*?)</caption>", page),
    )
    mark = '<a class="mark" href="#nguon-chua-du" aria-label="dựa trên nguồn chưa đủ">†</a>'
    assert len(tiles) == 16 and all(mark in tile for tile in tiles)
    # Files and rows that came are no figures that rest on them.
    assert [words for words in captions if mark not in words] == [
        "<span>Tệp đã nhận theo nguồn.</span>",
        "<span>Dòng đang cách ly: chưa được tính vào số liệu.</span>",
    ]
    assert page.count('<p id="nguon-chua-du"') == 1 and markup.count('<path class="gap"') == 2
    write_report(sample.engine, Request(date(2023, 2, 3), date(2023, 2, 5)), tmp_path / "whole")
    whole = (tmp_path / "whole" / PAGE).read_text(encoding="utf-8")
    assert "nguồn chưa đủ" not in whole and 'class="mark"' not in whole


def test_of_a_past_moment_a_file_that_came_since_is_missing(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.promise("dvcqg", Feed(every="working_day"))
    moments = [f"2023-07-{day} 18:30" for day in (17, 18, 19)]
    files = [world.say_national(moment, national()) for moment in moments]
    late = (world.landing / files[1]).read_bytes()
    (world.landing / files[1]).unlink()
    world.run()
    world.put(files[1], late)
    world.run(arrived_when_exported=False)
    request = Request(date(2023, 7, 17), date(2023, 7, 19))
    assert read_figures(world.engine, request).feeds == []
    then = replace(request, known_at=datetime(2023, 7, 19, 23, tzinfo=_HERE))
    assert read_figures(world.engine, then).feeds == [
        {"source": "dvcqg", "day": date(2023, 7, 18), "status": "missing"}
    ]


def test_other_sections_say_what_the_warehouse_says(sample: World, tmp_path: Path) -> None:
    figures = write_report(sample.engine, _WHOLE, tmp_path / "ra")
    _check_that_all_can_read((tmp_path / "ra" / PAGE).read_text(encoding="utf-8"))
    (line,) = statements_of_file("report/inspection_line.sql")
    units = [code for (code,) in sample.ask("select unit_code from core.dim_unit where parent_code = '890'")]
    with sample.engine.connect() as connection:
        asked = {"date_from": _FROM, "date_to": _TO, "units": [*units, "890"], "rule_set": "ii06"}
        assert dict(figures.line) == dict(connection.execute(text(line), asked).mappings().one())
    counted = sample.ask(
        "select kind, count(*) from mart.portal_disagreement where unit_code = any(:units) group by kind",
        units=[*units, "890"],
    )
    assert counted
    assert {kind: sum(row[kind] for row in figures.sections.portal_cells) for kind, _ in counted} == dict(
        counted
    )
    edited = sample.ask(
        "select dossier_code, kind, first_seen_at, last_seen_before, old_value, new_value, row_number"
        " from mart.edited_after_the_fact where unit_code = any(:units) and first_seen_at >= :start",
        units=[*units, "890"],
        start=_FROM,
    )
    names = (
        "dossier_code",
        "kind",
        "first_seen_at",
        "last_seen_before",
        "old_value",
        "new_value",
        "row_number",
    )
    assert sorted(map(str, edited)) == sorted(
        str(tuple(row[name] for name in names)) for row in figures.edited
    )


@pytest.mark.parametrize("rule_set", ["qd766", "opencps", "opencps_v1", "opencps_v2"])
def test_every_rule_set_has_its_report(sample: World, rule_set: str) -> None:
    """The lists of late and of overdue dossiers are as long as the form says, with a due date each."""
    figures = read_figures(sample.engine, Request(_FROM, _TO, (), rule_set))
    late, overdue = (sum(row[name] for row in figures.form) for name in ("resolved_late", "pending_overdue"))
    assert late and overdue
    assert (len(figures.late), len(figures.overdue)) == (late, overdue)
    assert all(row["due_at"] and row["due_at"] < row["ended_at"] for row in figures.late)
    assert all(row["due_at"] and row["due_at"].date() <= _TO for row in figures.overdue)
    assert figures.days[-1]["overdue_open"] == overdue
    assert figures.rule_set["title_vi"] in wording.rules(figures)
    # What a rule set does not time is told, and is no row that does not add up.
    assert "mọi dòng đơn vị đều cân" in wording.unbalanced(figures)
    untimed = figures.line["resolved"] - figures.line["early_or_on_time"] - figures.line["late"]
    assert (untimed > 0) == rule_set.startswith("opencps")
    assert ("rút không tính thời hạn" in wording.inspection_sentence(figures)) == (untimed > 0)


def test_a_past_moment_gives_the_same_bytes_whatever_came_since(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    late, overdue, moved, finished = (f"000.26.33.H01-230717-000{n}" for n in range(1, 5))
    world.say_national("2023-07-17 18:30", *(national(code) for code in (late, overdue, moved, finished)))
    world.say_steps("2023-07-17 19:30", step(overdue))
    world.say_provincial("2023-07-17 18:00", provincial(late), provincial(finished, due="2023-07-19 09:00"))
    world.say_national(
        "2023-07-20 18:30",
        national(late, status=9, ended="2023-07-20 10:00"),
        national(moved, due="2023-07-25 09:00"),
        national(finished, status=10, ended="2023-07-18 08:00", returned="2023-07-18 08:00"),
        national("000.26.33.H01-230717-0009", status=99),
    )
    world.say_provincial("2023-07-20 18:00", provincial(late, status=4, ended="2023-07-20 10:00"))
    known_at = datetime(2023, 7, 20, 23, 59, 59, 999999, tzinfo=_HERE)
    request = Request(date(2023, 7, 15), date(2023, 7, 20), ("890",), known_at=known_at)
    world.run()
    before = write_report(world.engine, request, tmp_path / "before")
    assert all(attrgetter(topic)(before) for topic in (*_TOPICS, "quarantine"))

    # The refused row mended, a date of the past edited, a life stated again, another unit, another refused row.
    world.say_national(
        "2023-07-21 18:30",
        national("000.26.33.H01-230717-0009"),
        national(late, status=9, ended="2023-07-17 10:00"),
        national(overdue, status=9, ended="2023-07-18 08:00"),
        national(moved, received="2023-07-14 09:00"),
        national("HS/1"),
        national("000.26.33.H01-230717-0010", DonViXuLy="Đơn vị lạ"),
    )
    world.say_steps("2023-07-21 19:30", step(overdue, processed="2023-07-18 08:00"))
    world.say_provincial("2023-07-21 18:00", provincial(late, status=4, ended="2023-07-17 10:00"))
    world.run()
    write_report(world.engine, request, tmp_path / "after")
    for name in FILES:
        assert (tmp_path / "before" / name).read_bytes() == (tmp_path / "after" / name).read_bytes(), name
    now = read_figures(world.engine, replace(request, known_at=None))
    changed = {
        topic
        for topic in (*_TOPICS, "sources", "quarantine")
        if attrgetter(topic)(now) != attrgetter(topic)(before)
    }
    assert changed == {*_TOPICS, "sources", "quarantine"}


_SCRIPT = "Phường <script>alert('x')</script> & co"
_FORMULA = '=HYPERLINK("http://example.invalid";"bấm")'


def test_hostile_names_stay_text(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    for n, name in enumerate((_SCRIPT, _FORMULA, "@SUM(1)", "+1", "-1")):
        code = f"000.26.33.H01-230717-000{n}"
        world.say_national(
            f"2023-07-17 18:3{n}",
            national(code, DonViXuLy=name, TenTTHC="<script>alert(2)</script>", MaTTHC="=1+1"),
        )
        world.say_steps(
            f"2023-07-17 19:3{n}",
            step(code) | {"PhongBanXuLy": "=cmd|' /C calc'!A0", "ChucDanh": "<img src=x onerror=y>"},
        )
    world.say_national("2023-07-20 18:30")
    world.run()
    figures = write_report(world.engine, Request(date(2023, 7, 1), date(2023, 7, 20)), tmp_path / "ra")
    names = {row["unit_name"] for row in figures.form}
    assert {_FORMULA, _SCRIPT} <= names
    assert len(figures.overdue) == len(names)

    page = (tmp_path / "ra" / PAGE).read_text(encoding="utf-8")
    seen = _Tags()
    seen.feed(page)
    assert not {"img", "iframe", "object", "link"} & seen.tags
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert unescape(page).count(_SCRIPT) >= 3
    # Two scripts: data, in which no name can end it, and ours, the only one that the page lets run.
    data, ours = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    assert "<" not in data and _SCRIPT in {name for _, _, name in json.loads(data)["units"]}
    assert ours == SCRIPT.read_text(encoding="utf-8")
    assert f"script-src 'sha256-{b64encode(sha256(ours.encode()).digest()).decode()}';" in unescape(page)
    assert "default-src 'none'" in unescape(page) and "unsafe" not in page

    book = fastexcel.read_excel(tmp_path / "ra" / WORKBOOK)
    form = book.load_sheet("Biểu II.06a", header_row=None, skip_rows=10).to_polars()
    assert names <= set(form.to_series(1))
    appendix = book.load_sheet("Phụ lục II", header_row=3).to_polars()
    assert set(appendix["Đơn vị giải quyết"]) == names
    with zipfile.ZipFile(tmp_path / "ra" / WORKBOOK) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "/sheet" in name]
        assert "quotePrefix" in parts.read("xl/styles.xml").decode()
    formulas = [formula for sheet in sheets for formula in re.findall(r"<f>(.*?)</f>", sheet)]
    assert formulas
    difference = r"[C-M]\d+-\([C-M]\d+(\+[C-M]\d+)*\)"
    ours = (
        rf"(SUM\(|SUBTOTAL\(9,)[C-M]\d+(:[C-M]\d+)?\)|{difference}"
        rf"|ABS\({difference}\)(\+ABS\({difference}\))*|[C-M]\d+-'Biểu II.06a'![C-M]\d+"
    )
    assert [formula for formula in formulas if not re.fullmatch(ours, unescape(formula))] == []


class _Tags(HTMLParser):
    """Tags, names of attributes, and the order of headings of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.headings: list[int] = []
        self.tables: list[list[tuple[str, dict[str, str | None]]]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append([])
        if self.tables and tag in ("caption", "th"):
            self.tables[-1].append((tag, dict(attrs)))


def _check_that_all_can_read(page: str) -> None:
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert re.search(r"@media \(max-width: \d+rem\)", page)
    assert "@media print" in page and "@page" in page
    markup, _, script = page.rpartition("<script>")
    links = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^")\s>]+)', markup)
    # what is no place within the page is carried by it: its font
    links = [link for link in links if not link.startswith("data:font/woff2;base64,")]
    assert all(link.startswith("#") for link in links), links
    assert not re.search(r"https?:|fetch|XMLHttp|import|WebSocket|sendBeacon|\beval|Function\(|\.src", script)

    seen = _Tags()
    seen.feed(page)
    assert '<html lang="vi">' in page
    assert seen.headings[0] == 1 and seen.headings.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(seen.headings)), "no level is left out"
    assert len(seen.ids) == len(set(seen.ids))
    assert {link.removeprefix("#") for link in links} <= set(seen.ids)
    for table in seen.tables:
        assert table[0][0] == "caption"
        assert all("scope" in attributes for tag, attributes in table if tag == "th")
    assert (
        markup.count("<svg")
        == len(re.findall(r'<figure role="img" aria-label="Biểu đồ [^"]+\.">', page))
        == 2
    )
    assert "vi phạm" not in page


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (67_753, 70_426, "96,2%"),
        (1, 1, "100,0%"),
        (9_999, 10_000, "99,9%"),
        (1, 10_000, "0,1%"),
        (0, 5, "0,0%"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_written_as_in_vietnam(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def _motcua(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    from pipelines.cli import main

    monkeypatch.setattr(sys, "argv", ["motcua", "report", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_command_answers_or_says_why_not(
    warehouse_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    warehouse: Engine,
) -> None:
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    # The command would say that it does not know this variable of the tests.
    monkeypatch.delenv("MOTCUA_CITUS_URL", raising=False)
    nothing_yet = ("--from", "2023-07-15", "--to", "2023-07-17", "--out", str(tmp_path / "không"))
    assert _motcua(monkeypatch, *nothing_yet) == 1
    assert "motcua run" in capsys.readouterr().err and not (tmp_path / "không").exists()
    world = World(warehouse, tmp_path)
    world.say_national("2023-07-17 18:30", national(DonViXuLy="UBND thị xã Tịnh Biên"))
    world.run()
    out = tmp_path / "báo cáo"
    period = ("--from", "2023-07-15", "--to", "2023-07-17", "--out", str(out))

    assert _motcua(monkeypatch, *period, "--unit", "890", "--known-at", "2023-07-17") == 0
    assert "bộ phận một cửa thị xã Tịnh Biên" in capsys.readouterr().out
    assert "đã nhận đến hết ngày 17/07/2023" in (out / PAGE).read_text(encoding="utf-8")
    assert {file.name for file in out.iterdir()} == set(FILES)

    for arguments, words in (
        (("--unit", "890", "--unit", "99999"), "“99999”"),
        (("--rule-set", "khác"), "Bộ quy tắc “khác” không có"),
    ):
        assert _motcua(monkeypatch, *period, *arguments) == 1
        lines = capsys.readouterr().err.strip().splitlines()
        assert [line.startswith("Lỗi: ") and words in line for line in lines] == [True], lines
    tomorrow = (datetime.now(_HERE) + timedelta(days=1)).date().isoformat()
    for arguments in (("--known-at", "hôm qua"), ("--known-at", tomorrow), ("--from", "2023-07-18")):
        assert _motcua(monkeypatch, *period, *arguments) == 2


def test_a_new_unit_counts_under_its_code_of_the_day(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    world.say_provincial("2025-06-30 18:00")
    world.say_national("2023-07-17 18:30", national())
    world.run()

    def units(*codes: str) -> list[str]:
        actual: Figures = read_figures(world.engine, Request(date(2023, 7, 1), date(2023, 7, 31), codes))
        return [row["unit_code"] for row in actual.form]

    assert units() == units("890") == units("89") == units("30517") == ["30517"]
    assert units("30502") == units("883") == []
