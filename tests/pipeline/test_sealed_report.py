"""The sealed issue: the same bytes for the same inputs, an id that follows from all of them, and files told apart."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from assets.rebuild import rebuild
from assets.reports.claims.claims_file import read_claims
from assets.reports.findings.findings import add_finding
from assets.reports.issue.issues import IssueError
from assets.reports.issue.write import FILES, PDF, write_report
from assets.reports.reading import code_version as program
from assets.reports.reading.figures import Request
from assets.reports.reading.read import read_figures
from assets.reports.reading.seal import Seal, read_seal
from assets.reports.sealed import pdf_text
from assets.reports.sealed.pdf import render_pdf
from assets.sources.feed import Feed
from tests.pipeline.sealed_world import JULY, finding, say_first, say_second, sha256
from tests.worlds import SAMPLES, World, national
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_SAMPLE = SAMPLES / "tinh_bien_2023_02_csv"
_EXPECTED: dict[str, Any] = json.loads((_SAMPLE / "expected.json").read_text(encoding="utf-8"))
_FROM, _TO = (date.fromisoformat(day) for day in _EXPECTED["period"])
_WHOLE = Request(_FROM, _TO, units=("890",))
_CLAIMS = read_claims("- {figure: quá hạn, value: 448}\n".encode(), "số liệu.yaml")


_IN_ANOTHER_PROCESS = """
import sys
from datetime import date
from pathlib import Path
from assets.reports.claims.claims_file import read_claims
from assets.reports.reading.figures import Request
from assets.reports.issue.write import write_report
from warehouse_sql.engine import open_engine

url, start, end, out, claims = sys.argv[1:]
request = Request(date.fromisoformat(start), date.fromisoformat(end), ("890",))
write_report(open_engine(url), request, Path(out), read_claims(claims.encode(), "số liệu.yaml"))
"""


@pytest.mark.long
@pytest.mark.both_servers
def test_two_runs_two_processes_and_a_rebuild_give_the_same_bytes(sample: World, tmp_path: Path) -> None:
    claims = "- {figure: quá hạn, value: 448}\n"
    first = write_report(sample.engine, _WHOLE, tmp_path / "1", read_claims(claims.encode(), "số liệu.yaml"))
    write_report(sample.engine, _WHOLE, tmp_path / "2", read_claims(claims.encode(), "số liệu.yaml"))
    url = sample.engine.url.render_as_string(hide_password=False)
    arguments = (url, _FROM.isoformat(), _TO.isoformat(), str(tmp_path / "3"), claims)
    # a machine with other clocks, languages and seeds
    subprocess.run(
        [sys.executable, "-c", _IN_ANOTHER_PROCESS, *arguments],
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "America/New_York", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2],
    )
    rebuild(sample.engine, sample.archive, sample.sources)
    write_report(sample.engine, _WHOLE, tmp_path / "4", read_claims(claims.encode(), "số liệu.yaml"))
    assert len({sha256(tmp_path / str(n)) for n in range(1, 5)}) == 1
    assert first.seal is not None
    (row,) = sample.ask(
        "select report_id, issued_count, input_files, date_from, date_to, rule_set, parameters"
        " from ops.report_issue"
    )
    contents = len(
        {hashlib.sha256(f.read_bytes()).digest() for f in sample.landing.rglob("*") if f.is_file()}
    )
    assert row[:-1] == (first.seal.report_id, 4, contents, _FROM, _TO, "ii06")
    assert row[-1] == {
        "from": _FROM.isoformat(),
        "to": _TO.isoformat(),
        "units": ["890"],
        "rule_set": "ii06",
        "unit_view": "as_received",
        "lang": "vi",
    }


def test_the_order_and_the_repetition_of_files_change_no_byte(warehouse: Engine, tmp_path: Path) -> None:
    first = World(warehouse, tmp_path / "one")
    say_first(first)
    first.run()
    say_second(first)
    first.run()
    figures = read_figures(first.engine, JULY)
    with side_database(warehouse, "other") as side:
        migrate(side)
        other = World(side, tmp_path / "other")
        say_second(other)
        other.run()
        say_first(other)
        other.run()
        again = read_figures(side, JULY)
        assert render_pdf(again) == render_pdf(figures)
        # the same content once more, under another name
        file = next(other.landing.glob("dvcqg/*.json"))
        other.put("dvcqg/lần nữa/" + file.name, file.read_bytes())
        assert other.run().files_loaded == 1
        assert render_pdf(read_figures(side, JULY)) == render_pdf(figures)


def test_every_ingredient_is_in_the_id(small: World) -> None:
    seal = read_figures(small.engine, JULY).seal
    assert seal is not None
    assert replace(seal).report_id == seal.report_id
    others: dict[str, Any] = {
        field.name: "khác" for field in fields(Seal) if field.name not in ("known_through", "input_files")
    }
    others |= {
        "parameters": dict(seal.parameters) | {"rule_set": "qd766"},
        "known_at": datetime(2023, 7, 31, tzinfo=_HERE),
        "input_files": seal.input_files + 1,
    }
    ids = {replace(seal, **{name: value}).report_id for name, value in others.items()}
    assert len(ids) == len(others) and seal.report_id not in ids
    assert replace(seal, known_through=None).report_id == seal.report_id


@pytest.mark.long
def test_what_is_asked_said_and_arrived_changes_the_id(small: World) -> None:
    def report_id(request: Request = JULY, **options: Any) -> str:
        seal = read_figures(small.engine, request, **options).seal
        assert seal is not None
        return seal.report_id

    known_at = datetime(2023, 7, 31, tzinfo=_HERE)
    actual = [
        report_id(),
        report_id(replace(JULY, date_to=date(2023, 7, 30))),
        report_id(replace(JULY, units=("890",))),
        report_id(replace(JULY, rule_set="qd766")),
        report_id(replace(JULY, unit_view="current")),
        report_id(replace(JULY, lang="en")),
        report_id(replace(JULY, known_at=known_at)),
        report_id(replace(JULY, known_at=known_at + timedelta(days=1))),
        report_id(claims=_CLAIMS),
        report_id(claims=read_claims("- {figure: quá hạn, value: 449}\n".encode(), "số liệu.yaml")),
    ]
    with small.engine.begin() as connection:
        add_finding(connection, finding())
    actual.append(report_id())
    small.say_national("2023-07-21 18:30", national("000.26.33.H01-230717-0001"))
    small.run()
    actual.append(report_id())
    assert len(set(actual)) == len(actual)

    elsewhere = datetime(2023, 7, 31, tzinfo=_HERE).astimezone(ZoneInfo("UTC"))
    assert report_id(replace(JULY, known_at=elsewhere)) == report_id(replace(JULY, known_at=known_at))


def test_a_target_set_after_an_issue_makes_another_issue(small: World, tmp_path: Path) -> None:
    """Nothing is amiss: the same report shows another target now, so it is another report."""
    write_report(small.engine, JULY, tmp_path / "before")
    with small.engine.begin() as connection:
        connection.execute(
            text(
                "insert into mart.target (unit_code, unit_valid_from, indicator, year, target, source)"
                " values ('all', '1900-01-01', '2.1', 2023, 0.98, 'giao.csv')"
            )
        )
    write_report(small.engine, JULY, tmp_path / "after")
    assert sha256(tmp_path / "before") != sha256(tmp_path / "after")


@pytest.mark.parametrize(
    ("change", "ingredient"),
    [
        ("update core.rule_set set compares_vi = 'khác' where rule_set = 'ii06'", "rules_version"),
        ("update core.dim_date set is_working_day = false where date = '2023-07-18'", "calendar_version"),
        ("update core.office_session set to_time = '17:30' where from_time = '13:30'", "calendar_version"),
        ("update core.dim_unit set unit_name = 'khác' where unit_code = '890'", "units_version"),
        ("update core.unit_successor set weight = 0.5 where old_code = '30502'", "units_version"),
        ("update core.dim_procedure set limit_value = 9, limit_unit = 'day' where not is_inferred", "procedures_version"),
        ("update landing.export_file set rows_quarantined = 1, rows_read = rows_read + 1", "input_digest"),
        ("delete from landing.export_file where source = 'igate'", "input_digest"),
    ],
)  # fmt: skip
def test_a_change_of_rules_calendar_or_lists_is_seen(small: World, change: str, ingredient: str) -> None:
    with small.engine.connect() as connection:
        before = read_seal(connection, {}, None)
        connection.execute(text("set session_replication_role = replica"))
        changed = connection.execute(text(change)).rowcount
        after = read_seal(connection, {}, None)
        connection.rollback()
    assert changed
    differing = {f.name for f in fields(Seal) if getattr(before, f.name) != getattr(after, f.name)}
    assert ingredient in differing <= {ingredient, "input_files", "known_through"}
    assert before.report_id != after.report_id


def test_the_program_is_known_by_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(Path(program.__file__).parents[3] / "quality", tmp_path / "quality")
    (tmp_path / "quality" / "đã dịch.pyc").write_bytes(b"x")
    monkeypatch.setattr(program, "_ROOT", tmp_path)
    program.code_version.cache_clear()
    actual = []
    try:
        for write in (
            lambda: None,
            lambda: (tmp_path / "quality" / "đã dịch.pyc").write_bytes(b"y"),
            lambda: (tmp_path / "quality" / "mới.sql").write_bytes(b"select 1\n"),
            lambda: (tmp_path / "quality" / "mới.sql").write_bytes(b"select 1\r\n"),
            lambda: (tmp_path / "quality" / "mới.sql").write_bytes(b"select 2\n"),
        ):
            write()
            program.code_version.cache_clear()
            actual.append(program.code_version())
    finally:
        program.code_version.cache_clear()
    plain, compiled, added, as_on_windows, changed = actual
    assert plain == compiled != added == as_on_windows != changed
    assert plain.startswith("0.") and "typst 0.15" in plain


def test_figures_changed_behind_our_back_are_reported_and_nothing_is_written(
    small: World, tmp_path: Path
) -> None:
    figures = write_report(small.engine, JULY, tmp_path / "ra")
    before = {name: sha256(tmp_path / "ra", name) for name in FILES}
    with small.engine.begin() as connection:
        connection.execute(
            text("update mart.daily_flow set resolved_late = 0, resolved_on_time = 1 where resolved_late = 1")
        )
    with pytest.raises(IssueError, match=r"đã phát hành lúc .* với nội dung khác") as raised:
        write_report(small.engine, JULY, tmp_path / "ra")
    assert figures.seal is not None and figures.seal.short_id in str(raised.value)
    assert {file.name: sha256(tmp_path / "ra", file.name) for file in (tmp_path / "ra").iterdir()} == before
    with pytest.raises(IssueError):
        write_report(small.engine, JULY, tmp_path / "khác")
    assert list((tmp_path / "khác").iterdir()) == []
    assert small.ask("select issued_count from ops.report_issue") == [(1,)]


def _text(pdf: Path) -> str:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not on this machine")
    # rows of tables as they stand on the page, then cells as they are read
    parts = [
        subprocess.run([reader, *layout, str(pdf), "-"], capture_output=True, check=True).stdout.decode()
        for layout in (("-layout",), ())
    ]
    return " ".join(" ".join(parts).split())


def test_the_document_says_what_the_figures_say(sample: World, tmp_path: Path) -> None:
    sample.promise("dvcqg", Feed(every="working_day"))
    sample.run()
    with sample.engine.begin() as connection:
        add_finding(connection, replace(finding(), due_on=date(2023, 2, 1), created_on=date(2023, 1, 20)))
    figures = write_report(sample.engine, _WHOLE, tmp_path / "ra", _CLAIMS)
    shown = _text(tmp_path / "ra" / PDF)
    seal = figures.seal
    assert seal is not None
    for row in figures.form:
        counts = " ".join(
            str(row[name])
            for name in ("resolved_late", "pending_total", "pending_in_time", "pending_overdue")
        )
        assert counts in shown, row["unit_name"]
    for words in (
        "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
        f"Mã báo cáo {seal.short_id}",
        seal.report_id,
        seal.input_digest,
        f"tiếp nhận trực tiếp {figures.line['received']}",
        "Kiểm tra 1 = 5 + 9",
        "Số liệu dựa trên nguồn chưa đủ",
        figures.overdue[0]["dossier_code"],
        "Hồ sơ quá hạn còn nhiều",
        "Quá hạn khắc phục",
        "448",
        seal.code_version.split(",")[0],
    ):
        assert words in shown, words
    english = write_report(sample.engine, replace(_WHOLE, lang="en"), tmp_path / "en", _CLAIMS)
    written = _text(tmp_path / "en" / PDF)
    assert "Open and overdue" in written and "What this report is made from" in written
    assert english.seal is not None and english.seal.report_id in written


def test_a_document_needs_no_fonts_of_the_machine(small: World, tmp_path: Path) -> None:
    write_report(small.engine, JULY, tmp_path / "ra")
    content = (tmp_path / "ra" / PDF).read_bytes()
    names = {name for name in (b"LibertinusSerif", b"DejaVuSansMono", b"NewCM") if name in content}
    assert b"LibertinusSerif" in names
    assert not any(name in content for name in (b"Arial", b"Times", b"Liberation", b"Helvetica"))
    # the date of the data, not of today
    assert b"20230720" in content and f"{datetime.now():%Y%m%d}".encode() not in content


def test_hostile_names_are_text_in_the_document(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    names = ('#panic("x")', "*đậm* $x^2$ @nhãn", '#read("/etc/passwd")', 'Phường ] [ \\ ` "')
    for n, name in enumerate(names):
        world.say_national(f"2023-07-17 18:3{n}", national(f"000.26.33.H01-230717-000{n}", DonViXuLy=name))
    world.run()
    write_report(world.engine, JULY, tmp_path / "ra")
    shown = _text(tmp_path / "ra" / PDF)
    assert '#panic("x")' in shown and "*đậm* $x^2$" in shown and '#read("/etc/passwd")' in shown


def test_letters_that_no_font_has_stop_no_document(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    # the last one in NFD
    for n, name in enumerate(("Phường 漢字 🏠", "Привет \ue000", "Phường Thới Lai")):
        world.say_national(
            f"2023-07-17 18:3{n}", national(f"000.26.33.H01-230717-000{n}", DonViXuLy=name, PhongBan="\x01")
        )
    world.run()
    write_report(world.engine, JULY, tmp_path / "ra")
    shown = _text(tmp_path / "ra" / PDF)
    assert "Phường □□ □" in shown and "Привет □" in shown


def test_every_letter_of_vietnamese_is_in_the_fonts() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones] + ["đ"]
    written = "".join(letters) + "".join(letters).upper() + "“”…–−%₫"
    assert len(set(written)) == 2 * (12 * 6 + 1) + 7
    for letter in written:
        assert pdf_text._can_show.__wrapped__(letter), letter


def test_a_period_without_anything_has_its_document(small: World, tmp_path: Path) -> None:
    empty = Request(date(2022, 1, 1), date(2022, 1, 31))
    write_report(small.engine, empty, tmp_path / "ra")
    assert (tmp_path / "ra" / PDF).stat().st_size > 1000
    before = replace(empty, known_at=datetime(2022, 1, 1, tzinfo=_HERE))
    write_report(small.engine, before, tmp_path / "chưa có tệp")
    assert (tmp_path / "chưa có tệp" / PDF).stat().st_size > 1000
