"""`motcua status` in this process: what it says of feeds that are not complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.sources.feed import Feed
from pipelines.cli.app import app
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
