"""What each step of a run took stands in ops.run_step, and what came of the whole in ops.run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from pipelines.run import run_daily
from pipelines.settings import Settings
from pipelines.step_measures import peak_memory_bytes
from tests.command_line import Motcua
from tests.worlds import World, national

_STEPS = (
    *("load_dimensions", "take_in_exports", "derive_facts", "refresh_aggregates", "due_soon"),
    *("overdue_alerts", "end_run"),
)
_MIB = 1 << 20


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    return World(warehouse, tmp_path)


@pytest.fixture
def settings(world: World, tmp_path: Path) -> Settings:
    url = world.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Settings(home=tmp_path / "home", warehouse_url=url, landing=str(world.landing))


def test_every_step_of_a_run_has_a_row_with_what_it_took(world: World, settings: Settings) -> None:
    world.say_national("2023-07-17 18:30", national())
    size = sum(file.stat().st_size for file in world.landing.rglob("*") if file.is_file())
    assert run_daily(settings, arrived_when_exported=True).ok

    rows = world.ask("select step, status from ops.run_step order by started_at")
    assert rows == [(step, "success") for step in _STEPS]
    assert world.ask("select step, row_count from ops.run_step where row_count is not null order by 1") == [
        ("derive_facts", 1),
        ("take_in_exports", 1),
    ]
    ((seconds, whole),) = world.ask(
        "select sum(s.seconds), extract(epoch from max(r.ended_at) - min(r.started_at))"
        " from ops.run_step as s inner join ops.run as r on s.run_id = r.run_id"
    )
    assert 0 < seconds < float(whole) + 5
    assert world.ask(
        "select count(*) from ops.run_step where written_bytes > 0 and step = 'derive_facts'"
    ) == [(1,)]
    assert world.ask("select rows_read, bytes_read, peak_memory_bytes > 50000000 from ops.run") == [
        (1, size, True)
    ]


def test_a_step_that_fails_has_a_row_too_and_those_after_it_have_none(
    world: World, settings: Settings
) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("alter table mart.overdue_stock rename to away")
    world.say_national("2023-07-17 18:30", national())
    assert not run_daily(settings, arrived_when_exported=True).ok
    rows = world.ask("select step, status from ops.run_step order by started_at")
    assert rows == [
        *((step, "success") for step in _STEPS[:2]),
        ("derive_facts", "failed"),  # facts and their sums are published together
    ]
    assert world.ask("select status, rows_read from ops.run") == [("failed", 1)]


def test_memory_is_the_most_of_a_step_and_not_of_those_before_it() -> None:
    peak_memory_bytes()
    held = bytearray(300 * _MIB)
    held[::4096] = b"x" * len(held[::4096])
    size = len(held)
    del held
    most = peak_memory_bytes()
    assert most > size
    assert peak_memory_bytes() < most - size // 2


def test_logs_are_json_where_standard_error_is_no_terminal(motcua_process: Motcua, world: World) -> None:
    world.say_national("2023-07-17 18:30", national())
    done = motcua_process("run", MOTCUA_LANDING=str(world.landing), MOTCUA_LOG="auto")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["step"] for line in lines if line["message"] == "step ended"] == list(_STEPS)
    events = [line["message"] for line in lines if line.get("logger") == "motcua.run"]
    assert (events[0], events[-2:]) == ("run begun", ["run ended", "step ended"])
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    assert done.stdout.startswith("Tệp: ")


def test_an_error_is_json_too(motcua_alone: Motcua) -> None:
    done = motcua_alone("run", MOTCUA_LOG="json")
    assert done.returncode == 1
    *_, last = (json.loads(line) for line in done.stderr.splitlines())
    assert last["level"] == "error"
    assert last["message"].startswith("Lỗi: ")
