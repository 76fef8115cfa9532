"""A spike put into made-up exports is found in its commune within two working days, and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner

from assets.alerts.detect import detect
from assets.alerts.detector import judge
from assets.alerts.series import read_series
from pipelines.cli.alerts_backtest import backtest
from pipelines.simulator import parse_spike, simulate
from tests.worlds import World
from warehouse_sql.errors import WarehouseError

_FROM, _TO = date(2023, 3, 13), date(2023, 6, 9)
# A unit in which hardly anything is late: one dossier in three weeks.
_UNIT, _DAY = "30538", date(2023, 5, 22)


@pytest.mark.long
def test_a_spike_is_found_in_its_commune_and_nowhere_else(warehouse: Engine, tmp_path: Path) -> None:
    world = World(warehouse, tmp_path)
    spike = parse_spike(f"{_UNIT}:{_DAY}:20")
    simulate(world.landing, start=_FROM, end=_TO, per_day=90, seed=3, spikes=[spike], every_days=5)
    world.run()
    with world.engine.connect() as connection:
        series = read_series(connection, _TO, days=120)
        last = detect(connection)
    actual: dict[tuple[str, str], list[date]] = {}
    for day in (day for day in series.days.day if day >= _DAY):
        for signal in judge(series, day):
            if signal.kind != "stock":
                actual.setdefault((signal.kind, signal.unit_code), []).append(day)
    assert {unit for kind, unit in actual if kind.startswith("unit")} == {_UNIT}
    # The dossiers of its district and of the province are the same ones.
    assert {unit for _, unit in actual} <= {_UNIT, "890", "89"}
    # What was due on the 22nd, a Monday, is overdue from the 23rd on.
    assert date(2023, 5, 23) <= actual["unit", _UNIT][0] <= date(2023, 5, 24)
    # And it ends: the last night has nothing new to say.
    assert actual["unit", _UNIT][-1] < _TO
    assert [signal for signal in last if signal.kind != "stock"] == []


def test_a_backtest_of_an_empty_warehouse_says_what_it_needs(
    warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = typer.Typer()
    app.command()(backtest)
    monkeypatch.setenv("MOTCUA_WAREHOUSE_URL", warehouse_url)
    result = CliRunner().invoke(app, ["--loaded"])
    assert isinstance(result.exception, WarehouseError)
    assert "hãy nạp thêm tệp xuất" in str(result.exception)
