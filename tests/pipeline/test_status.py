"""`motcua status` in this process: what it says of feeds that are not complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.sources.feed import Feed
from pipelines.cli.app import app
from tests.command_line import Motcua
from tests.worlds import World, national


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    url = warehouse.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", url)
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    return World(warehouse, tmp_path)


def test_a_missing_day_is_reported_with_source_day_and_reason(world: World) -> None:
    world.promise("dvcqg", Feed(every="working_day"))
    for day in ("17", "19"):
        world.say_national(f"2023-07-{day} 18:30", national())
    world.run()
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 0
    assert "Nguồn chưa đủ trong 14 ngày gần nhất (xem ops.feed_day):" in shown.output
    assert "  dvcqg 18/07/2023: thiếu tệp, không có tệp nào của ngày này" in shown.output


def test_a_broken_file_is_counted_until_a_good_one_comes_under_its_name(world: World) -> None:
    file = world.landing / world.say_national("2023-07-17 18:30", national())
    good = file.read_bytes()
    file.write_bytes(good[:40])
    world.run()
    assert "1 chưa nhận" in CliRunner().invoke(app, ["status"]).output
    file.write_bytes(good)
    world.run()
    shown = CliRunner().invoke(app, ["status"]).output
    assert "  1 tệp, 1 dòng, 0 dòng bị cách ly" in shown
    assert "chưa nhận" not in shown


def test_the_page_of_trends_is_one_file_that_asks_for_nothing_else(world: World, tmp_path: Path) -> None:
    world.say_national("2023-07-17 18:30", national())
    world.run()
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.run (started_at, ended_at, status, rows_read)"
            " values (now() - interval '1 hour', now(), 'success', 7)"
        )
    out = tmp_path / "trends.html"
    shown = CliRunner().invoke(app, ["status", "--trends", str(out)])
    assert (shown.exit_code, shown.output) == (0, f"Đã ghi {out}.\n")
    page = out.read_text(encoding="utf-8")
    assert page.count("<h2>") == 6
    assert page.count("<svg") == 3, "seconds and rows of the run, overdue dossiers"
    assert page.count("Chưa có số liệu.") == 3
    assert "<script" not in page
    assert "src=" not in page


@pytest.mark.parametrize(
    ("language", "ended", "rows"), [("vi", "thành công", "600.000"), ("en", "success", "600,000")]
)
def test_the_page_of_trends_names_and_counts_as_its_readers_do(
    world: World, motcua: Motcua, tmp_path: Path, language: str, ended: str, rows: str
) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.run (started_at, ended_at, status, rows_read) values"
            " (now() - interval '1 hour', now(), 'success', 0), (now() - interval '2 hours', now(), 'success', 600000)"
        )
    out = tmp_path / "trends.html"
    assert motcua("status", "--trends", str(out), MOTCUA_LANG=language).returncode == 0
    page = out.read_text(encoding="utf-8")
    assert f">{ended}<" in page
    assert f">{rows}<" in page
