"""Findings of inspections: recorded by people, measured before and after, closed, and left alone by a rebuild."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from assets.rebuild import rebuild
from assets.reports.findings.findings import (
    FindingError,
    NewFinding,
    add_finding,
    close_finding,
    indicators,
    read_findings,
    unmoved,
)
from assets.reports.page.page import render_page
from assets.reports.reading.figures import Request
from assets.reports.reading.read import read_figures
from tests.asking import ask_as_analyst
from tests.command_line import Motcua
from tests.worlds import World

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_JULY = (date(2023, 7, 1), date(2023, 7, 31))
_AUGUST = (date(2023, 8, 1), date(2023, 8, 31))
_NEW = NewFinding(
    inspection="QĐ 417/QĐ-UBND",
    unit="Phường Thới Sơn",
    finding="Tỷ lệ tiếp nhận trực tuyến thấp",
    measure="Hướng dẫn người dân nộp trực tuyến",
    due_on=date(2023, 8, 20),
    created_on=date(2023, 8, 1),
    baseline_from=_JULY[0],
    baseline_to=_JULY[1],
    indicator="online_share",
)


@pytest.fixture
def world(two_months: World) -> World:
    """Four dossiers in July, one of them online, two late; four in August, three online, none late; one desk."""
    return two_months


def _add(world: World, **changed: Any) -> int:
    with world.engine.begin() as connection:
        return add_finding(connection, replace(_NEW, **changed))


def _read(world: World, on: date = date(2023, 8, 31), **options: Any) -> list[Any]:
    with world.engine.connect() as connection:
        return read_findings(
            connection,
            options.get("units", ()),
            options.get("recorded_by", "infinity"),
            options.get("known_at", "infinity"),
            on,
            options.get("period", _AUGUST),
        )


@pytest.mark.both_servers
def test_a_finding_shows_its_indicator_before_and_after(world: World) -> None:
    _add(world)
    _add(world, indicator="resolved_late", finding="Trễ hạn", measure="Không để trễ hạn")
    _add(world, indicator="on_time:ii06", unit="890")
    _add(world, indicator=None, unit="all", finding="Quy trình cũ", measure="Cập nhật danh mục")
    _add(world, indicator="3.3", baseline_value=Decimal("0.1"))
    _add(world, indicator="overdue_open", unit="Phường Nhà Bàng")
    share, late, town, nothing, shown, quiet = _read(world)
    assert (share["unit_code"], share["unit_name"]) == ("30517", "Phường Thới Sơn")
    assert (share["before_value"], share["after_value"]) == (Decimal("0.25"), Decimal("0.75"))
    assert (late["before_value"], late["after_value"]) == (2, 0)
    # with all that belongs to the town
    assert (town["before_value"], town["after_value"]) == (Decimal("0.5"), 1)
    assert (nothing["before_value"], nothing["after_value"], nothing["unit_name"]) == (
        None,
        None,
        "Tất cả đơn vị",
    )
    assert (shown["before_value"], shown["after_value"]) == (Decimal("0.1"), Decimal("0.75"))
    assert (quiet["before_value"], quiet["after_value"]) == (None, None)
    assert [row["finding_id"] for row in _read(world, units=("890",))] == [1, 2, 3, 4, 5, 6]
    assert [row["finding_id"] for row in _read(world, units=("883",))] == [4]


def test_every_named_indicator_can_be_measured(world: World) -> None:
    with world.engine.connect() as connection:
        known = indicators(connection)
    assert {
        "on_time:ii06",
        "on_time:qd766",
        "resolved_late",
        "overdue_open",
        "online_share",
        "3.3",
        "3.6",
    } <= set(known)
    for code in known:
        _add(world, indicator=code, unit="all")
    rows = {row["indicator"]: row for row in _read(world)}
    assert set(rows) == set(known)
    assert {name for name, row in rows.items() if row["before_value"] is not None} >= {
        *(name for name in known if name.startswith("on_time:")),
        *("2.1", "2.2", "3.3", "resolved_late", "overdue_open", "online_share", "prohibited_papers"),
        "prohibited_share",
    }
    assert rows["prohibited_papers"]["before_value"] == 0


def test_a_finding_on_lateness_is_of_all_channels_or_of_the_desk_as_it_says(world: World) -> None:
    """Of the two late ones of July one came online."""
    for code in ("resolved_late", "resolved_late_direct", "overdue_open", "overdue_open_direct"):
        _add(world, indicator=code, baseline_to=date(2023, 7, 19))
    assert [row["before_value"] for row in _read(world)] == [0, 0, 2, 1]
    for row in _read(world, period=_JULY):
        assert row["after_value"] == {"resolved_late": 2, "resolved_late_direct": 1}.get(row["indicator"], 0)


def test_without_a_period_a_finding_is_measured_over_the_days_since_its_baseline(world: World) -> None:
    _add(world)
    _add(world, baseline_from=date(2023, 8, 1), baseline_to=date(2023, 8, 31))
    since, later = _read(world, period=None)
    assert (since["after_from"], since["after_to"]) == (date(2023, 8, 1), date(2023, 8, 25))
    assert since["after_value"] == Decimal("0.75")
    assert (later["after_value"], later["after_from"]) == (None, None)


@pytest.mark.parametrize(
    ("changed", "is_unmoved"),
    [
        ({}, False),
        ({"baseline_value": Decimal("0.75")}, True),
        ({"indicator": "resolved_late"}, False),
        ({"indicator": "resolved_late", "baseline_value": Decimal(0)}, True),
        ({"indicator": None}, False),
    ],
)
def test_a_figure_that_is_no_better_than_before_is_unmoved(
    world: World, changed: Any, is_unmoved: bool
) -> None:
    number = _add(world, **changed)
    with world.engine.connect() as connection:
        assert (unmoved(connection, number, date(2023, 8, 31)) is not None) is is_unmoved


def test_closing_a_finding_whose_figure_did_not_move_warns_and_still_closes(
    motcua: Motcua, world: World
) -> None:
    number = _add(world, baseline_value=Decimal("0.75"))
    closed = motcua("findings", "close", str(number), "--on", "2023-08-31")
    assert closed.returncode == 0
    assert "chưa chuyển biến (khi kiểm tra 75,0%, từ 01/08/2023 đến 25/08/2023 75,0%)" in closed.stderr
    assert _read(world)[0]["state"] == "closed"


def test_remedies_are_due_overdue_or_closed(world: World) -> None:
    number = _add(world)
    assert _read(world, on=date(2023, 8, 20))[0]["state"] == "open"
    assert _read(world, on=date(2023, 8, 21))[0]["state"] == "overdue"
    with world.engine.begin() as connection:
        close_finding(connection, number, date(2023, 8, 25), "Đã hướng dẫn")
    (row,) = _read(world, on=date(2023, 8, 31))
    assert (row["state"], row["closed_on"], row["closing_note"]) == (
        "closed",
        date(2023, 8, 25),
        "Đã hướng dẫn",
    )


def test_a_report_of_a_past_moment_knows_no_later_finding_and_no_later_end(world: World) -> None:
    before = datetime.now(_HERE)
    number = _add(world)
    between = datetime.now(_HERE)
    with world.engine.begin() as connection:
        close_finding(connection, number, date(2023, 8, 25), "")
    assert _read(world, recorded_by=before.isoformat()) == []
    assert _read(world, recorded_by=between.isoformat())[0]["state"] == "overdue"
    assert _read(world, recorded_by=datetime.now(_HERE).isoformat())[0]["state"] == "closed"
    # indicators by what had arrived
    known_at = datetime(2023, 8, 1, tzinfo=_HERE).isoformat()
    (row,) = _read(world, known_at=known_at)
    assert (row["before_value"], row["after_value"]) == (Decimal("0.25"), None)


def test_a_rebuild_leaves_findings_and_issues_alone(world: World, tmp_path: Path) -> None:
    from assets.reports.issue.write import write_report

    _add(world)
    write_report(world.engine, Request(*_AUGUST), tmp_path / "ra")
    kept = [world.ask(f"select * from ops.{table}") for table in ("finding", "report_issue", "report_file")]
    before = _read(world)
    rebuild(world.engine, world.archive, world.sources)
    assert [
        world.ask(f"select * from ops.{table}") for table in ("finding", "report_issue", "report_file")
    ] == kept
    assert _read(world) == before
    assert ask_as_analyst(world.engine, "select count(*) from ops.finding")[1] == [(1,)]


def test_the_page_shows_findings_and_marks_what_is_overdue(world: World) -> None:
    _add(world, finding="Tỷ lệ <b>thấp</b>")
    figures = read_figures(world.engine, Request(*_AUGUST, units=("890",)))
    page = render_page(figures, "sổ.xlsx")
    assert "Kết luận kiểm tra và kết quả khắc phục" in page
    assert "&lt;b&gt;thấp&lt;/b&gt;" in page and "<b>" not in page
    assert "<strong>Quá hạn khắc phục</strong>" in page
    assert "25,0%" in page and "75,0%" in page
    assert "Kết luận kiểm tra" not in render_page(
        read_figures(world.engine, Request(*_AUGUST, units=("883",))), "sổ.xlsx"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"unit": "Phường Không Đâu"}, "“Phường Không Đâu”"),
        ({"indicator": "khác"}, "“khác” không có; hãy dùng một trong: 2.1,"),
        ({"inspection": " "}, "Thiếu đợt kiểm tra"),
        ({"finding": ""}, "Thiếu kết luận"),
        ({"baseline_to": date(2023, 6, 1)}, "không hợp lệ"),
    ],
)
def test_a_finding_that_cannot_be_recorded_is_one_sentence(world: World, changed: Any, words: str) -> None:
    with pytest.raises(FindingError) as raised:
        _add(world, **changed)
    assert words in str(raised.value)
    assert world.ask("select count(*) from ops.finding") == [(0,)]


def test_what_cannot_be_closed(world: World) -> None:
    number = _add(world)
    with world.engine.begin() as connection:
        for shown, day, words in (
            (99, date(2023, 8, 2), "Không có kết luận số 99"),
            (number, date(2023, 7, 31), "trước ngày kết luận"),
        ):
            with pytest.raises(FindingError, match=words):
                close_finding(connection, shown, day, "")
        close_finding(connection, number, date(2023, 8, 2), "")
        with pytest.raises(FindingError, match="đã đóng ngày 02/08/2023"):
            close_finding(connection, number, date(2023, 8, 3), "")


def test_the_command_line_keeps_findings(motcua: Motcua, warehouse: Engine, world: World) -> None:
    written = (
        "--inspection",
        "QĐ 417",
        "--finding",
        "Trực tuyến thấp",
        "--measure",
        "Hướng dẫn",
        "--due",
        "2023-08-20",
    )
    period = ("--from", "2023-07-01", "--to", "2023-07-31")
    added = motcua("findings", "add", *written, *period, "--unit", "30517", "--indicator", "online_share")
    assert (added.returncode, added.stdout.strip(), added.stderr) == (0, "Đã ghi kết luận số 1.", "")
    output = motcua(
        "findings", "add", *written, *period, "--unit", "all", "--indicator", "on_time:ii06", "--before", "81,5 %",
        "--on", "2023-08-01",
    )  # fmt: skip
    assert output.returncode == 0, output.stderr
    listed = motcua("findings", "list", "--json", "--from", "2023-08-01", "--to", "2023-08-31")
    rows = json.loads(listed.stdout)
    assert [(row["finding_id"], row["before_value"], row["after_value"], row["state"]) for row in rows] == [
        (1, 0.25, 0.75, "overdue"),
        (2, 0.815, 1.0, "overdue"),
    ]
    assert rows[0]["unit_name"] == "Phường Thới Sơn" and rows[1]["created_on"] == "2023-08-01"
    shown = motcua("findings", "list").stdout
    assert "Quá hạn khắc phục" in shown and "81,5%" in shown
    assert "75,0% (01/08/2023 – " in shown, "without options: since the period that was inspected"
    today = datetime.now(_HERE).date()
    closed = motcua("findings", "close", "1", "--note", "Đã hướng dẫn")
    assert closed.stdout.strip() == f"Đã đóng kết luận số 1 ngày {today:%d/%m/%Y}."
    again = motcua("findings", "close", "1")
    assert again.returncode == 1 and again.stderr.startswith("Lỗi: Kết luận số 1 đã đóng")
    assert "resolved_late: Đã giải quyết quá hạn" in motcua("findings", "indicators").stdout
    for wrong in (
        ("findings", "add", *written, *period, "--unit", "890", "--before", "nhiều"),
        ("findings", "list", "--from", "2023-08-01"),
        ("findings", "add", *written),
        ("findings", "close", "một"),
    ):
        assert motcua(*wrong).returncode == 2
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from ops.finding")).scalar_one() == 2
