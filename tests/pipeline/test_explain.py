"""`motcua explain`: the due date of one dossier for anyone to check by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.worlds import CODE, World, national, provincial


def _explain(monkeypatch: pytest.MonkeyPatch, warehouse: Engine, *arguments: str) -> int:
    from pipelines.cli.app import main

    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse.url.render_as_string(hide_password=False))
    monkeypatch.setattr(sys, "argv", ["motcua", "explain", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Received on the Friday before Tết 2024, extended once."""
    world = World(warehouse, tmp_path)
    received = {"received": "2024-02-02 16:45", "limit": 5}
    world.say_provincial("2024-02-02 18:30", provincial(**received, due="2024-02-09 16:45"))
    world.say_provincial("2024-02-19 18:30", provincial(**received, due="2024-02-23 16:45"))
    world.say_national("2024-02-19 18:30", national("000.26.33.H01-240202-0002", status=1, received=""))
    world.run()
    return world


def test_the_days_that_count_and_those_that_do_not(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five working days from Friday 2/2/2024 16:45, Tết from 8/2 to 14/2: Friday 16/2."""
    assert _explain(monkeypatch, world.engine, CODE) == 0
    shown = capsys.readouterr().out
    assert "Tiếp nhận thứ Sáu 16:45 ngày 02/02/2024" in shown
    assert "Tết" in shown
    assert "Cổng hẹn trả lúc tiếp nhận: 16:45:00 09/02/2024" in shown
    assert (
        "Cổng đổi ngày hẹn trả từ 16:45:00 09/02/2024 sang 16:45:00 23/02/2024 (thấy từ 18:30:00 19/02/2024)"
        in shown
    )
    assert "Theo quy tắc, không kể gia hạn: 16:45:00 16/02/2024" in shown
    assert "Khác nhau 5 ngày làm việc từ 19/02/2024 18:30. Ngày hẹn trả được gia hạn." in shown
    # each working day after the reception, by its number
    assert [line[:14].split() for line in shown.splitlines() if line[10:14].strip().isdigit()] == [
        ["05/02/2024", "1"],
        ["06/02/2024", "2"],
        ["07/02/2024", "3"],
        ["15/02/2024", "4"],
        ["16/02/2024", "5"],
    ]


def test_in_english(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _explain(monkeypatch, world.engine, CODE, "--lang", "en") == 0
    assert "Promised by the portal at reception: 16:45:00 09/02/2024" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("000.26.33.H01-240202-9999", "Kho không có hồ sơ mã “000.26.33.H01-240202-9999”"),
        ("000.26.33.H01-240202-0002", "chưa được tiếp nhận"),
    ],
)
def test_what_cannot_be_explained_is_stated_in_a_sentence(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: str,
    words: str,
) -> None:
    assert _explain(monkeypatch, world.engine, code) == 1
    shown = capsys.readouterr()
    assert words in " ".join(shown.err.split())
    assert "Traceback" not in shown.err
