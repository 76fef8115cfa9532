"""Runs with workers in processes of their own: the same facts, also when a worker dies or the broker goes away for a while."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.facts.derive import derive_facts
from assets.rebuild import compare_with_rebuilt
from assets.run_log import PartsMeasure
from pipelines.run import run_daily
from pipelines.settings import Settings
from pipelines.workers.broker import broker_of
from pipelines.workers.handing_out import folded_by_workers
from pipelines.workers.local import start_worker
from tests import redis_server
from tests.redis_server import RedisServer
from tests.worlds import World, national, provincial
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate
from warehouse_sql.side_database import side_database

_DOSSIERS = 60
# Rows laid out: few dossiers, so that there are buckets left when a worker dies and when the broker goes away.
_BUCKET = 8

pytestmark = pytest.mark.skipif(redis_server.missing() is not None, reason=str(redis_server.missing()))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server.redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    """Dossiers of both portals over three days, one of them a refused row, in five files."""
    world = World(warehouse, tmp_path)
    codes = [f"000.26.33.H01-230717-{number:04}" for number in range(_DOSSIERS)]
    world.say_provincial("2023-07-17 18:30", *(provincial(code) for code in codes))
    world.say_national("2023-07-17 18:30", *(national(code) for code in codes), national("HS/1"))
    world.say_provincial(
        "2023-07-18 18:30", *(provincial(code, due="2023-07-25 09:00") for code in codes[::3])
    )
    ended = {"ended": "2023-07-19 10:00", "returned": "2023-07-19 11:00"}
    world.say_national("2023-07-19 18:30", *(national(code, status=10, **ended) for code in codes[::2]))
    world.say_provincial("2023-07-19 18:30", *(provincial(code, status=5, **ended) for code in codes[::2]))
    return world


@pytest.fixture
def settings(
    world: World, warehouse_url: str, broker: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """In the environment, where the workers read them."""
    values = {
        "HOME": tmp_path / "home",
        "WAREHOUSE_URL": warehouse_url,
        "LANDING": world.landing,
        "BROKER": broker.address,
        "WORKER_LOST_SECONDS": 5,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"MOTCUA_{name}", str(value))
    return Settings()


def _assert_as_rebuilt(world: World, settings: Settings) -> None:
    with side_database(world.engine, "check") as rebuilt:
        migrate(rebuilt)
        compared = compare_with_rebuilt(world.engine, rebuilt, world.archive, settings.source_list())
    assert [(each.table, each.live_rows, each.rebuilt_rows) for each in compared if not each.is_equal] == []
    assert world.ask("select count(*) from core.fct_dossier") == [(_DOSSIERS,)]


def _staged(world: World) -> int:
    return int(world.ask("select count(*) from core.staged_bucket")[0][0])


def _wait(world: World, buckets: int) -> None:
    deadline = time.monotonic() + 90
    while _staged(world) < buckets:
        assert time.monotonic() < deadline, f"{_staged(world)} of {buckets} buckets after 90 seconds"
        time.sleep(0.05)


def _assert_parts_are_measured(world: World) -> None:
    read = sum(rows for (rows,) in world.ask("select rows_read from landing.export_file"))
    assert world.ask(
        "select step, status, part_count, row_count, written_bytes from ops.run_step"
        " where part_count is not null order by started_at"
    ) == [("read_files", "success", 5, read, None), ("fold_buckets", "success", 1, _DOSSIERS, None)]
    assert world.ask(
        "select count(*) from ops.run_step where part_count is not null"
        " and worker_seconds > 0 and seconds > 0 and peak_memory_bytes > 50000000"
    ) == [(2,)]


@pytest.mark.long
def test_a_run_with_workers_gives_what_one_process_gives(world: World, settings: Settings) -> None:
    result = run_daily(settings, workers=2, arrived_when_exported=True)
    assert (result.error, result.intake.files_loaded, result.dossiers_derived) == (None, 5, _DOSSIERS)
    assert result.intake.rows_quarantined == 1
    assert not any((settings.root / "spool").iterdir())
    _assert_parts_are_measured(world)
    world.archive = type(world.archive)(settings.archive)
    _assert_as_rebuilt(world, settings)


@pytest.mark.long
def test_a_worker_that_dies_and_a_broker_that_goes_away_change_nothing(
    world: World, settings: Settings, broker: RedisServer
) -> None:
    world.take_in()
    workers = [start_worker(settings) for _ in range(2)]
    try:
        with ThreadPoolExecutor(1) as pool:
            measures = list[PartsMeasure]()
            buckets = list[int]()

            def fold(engine: Engine, run_no: int, count: int) -> Iterator[int]:
                buckets.append(count)
                return folded_by_workers(settings, measures.append, engine, run_no, count)

            derived = pool.submit(derive_facts, world.engine, sum_up, None, _BUCKET, fold)
            _wait(world, 3)
            os.killpg(workers[0].pid, signal.SIGKILL)
            _wait(world, 6)
            broker.lose_message()
            broker.stop()
            time.sleep(2)
            broker.start()
            assert derived.result(120).dossiers == _DOSSIERS
        # What a worker that died had not done to the end was done by the other one, and counts once.
        assert [(each.part_count, each.row_count) for each in measures] == [(*buckets, _DOSSIERS)]
        assert workers[1].poll() is None
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    refresh_aggregates(world.engine)
    _assert_as_rebuilt(world, settings)


def test_without_a_broker_a_run_with_workers_says_what_is_missing(
    settings: Settings, broker: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.stop()
    with pytest.raises(WarehouseError, match="Không kết nối được với Redis ở MOTCUA_BROKER"):
        broker_of(settings)
    result = run_daily(settings, workers=1)
    assert not result.ok and "MOTCUA_BROKER" in str(result.error) and "\n" not in str(result.error)
    monkeypatch.delenv("MOTCUA_BROKER")
    with pytest.raises(WarehouseError, match="redis://127"):
        broker_of(Settings())
