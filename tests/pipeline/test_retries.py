"""What a run waits for: servers that are out of reach are tried again, another run is let through first."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from pipelines.run import run_daily
from pipelines.settings import Settings
from tests.receivers import free_port
from tests.web_servers import python_server
from tests.worlds import World, provincial
from warehouse_sql.run_lock import run_lock

_KILL_HOLDER = (
    "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and objsubid = 1"
    " and database = (select oid from pg_database where datname = current_database())"
)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


@pytest.fixture
def settings(warehouse_url: str, world: World) -> Settings:
    return Settings(
        home=world.landing.parent / "home",
        warehouse_url=warehouse_url,
        landing=str(world.landing),
        retries=2,
        retry_after=0.2,
        run_wait=20,
    )


def _runs(world: World) -> list[tuple[object, ...]]:
    return world.ask("select status, files_read from ops.run order by run_id")


def test_a_landing_zone_that_answers_late_is_read_by_the_same_run(world: World, settings: Settings) -> None:
    port = free_port()
    settings.landing = f"http://127.0.0.1:{port}/"
    with ExitStack() as servers:
        sentences: list[str] = []

        def start_server(sentence: str) -> None:
            sentences.append(sentence)
            servers.enter_context(python_server(world.landing, port))

        result = run_daily(settings, waiting=start_server)
    assert (result.ok, result.intake.files_loaded) == (True, 1)
    (sentence,) = sentences
    assert sentence.startswith("Không xem được nơi nhận tệp") and "Tự thử lại sau" in sentence
    assert _runs(world) == [("success", 1)]


def test_a_warehouse_that_stays_out_of_reach_fails_the_run_after_the_last_try(settings: Settings) -> None:
    settings.warehouse_url = "postgresql://anna@127.0.0.1:1/none"
    sentences: list[str] = []
    begun = time.monotonic()
    result = run_daily(settings, waiting=sentences.append)
    assert not result.ok and result.error and result.error.startswith("Không kết nối được kho")
    assert len(sentences) == 2
    assert time.monotonic() - begun >= 0.2 + 0.4


@pytest.mark.parametrize(
    ("what", "broken"),
    [
        ("Không kết nối được kho", lambda given: setattr(given, "warehouse_url", f"{given.warehouse_url}".replace("/t_", "/x_"))),
        ("Không thấy thư mục nhận tệp", lambda given: setattr(given, "landing", f"{given.landing}-none")),
    ],
    ids=["no such database", "no such folder"],
)  # fmt: skip
def test_what_is_wrong_by_itself_is_not_tried_again(
    settings: Settings, what: str, broken: Callable[[Settings], None]
) -> None:
    broken(settings)
    sentences: list[str] = []
    result = run_daily(settings, waiting=sentences.append)
    assert not result.ok and result.error and result.error.startswith(what)
    assert sentences == []


def test_a_run_whose_server_dropped_it_goes_on_where_it_was(world: World, settings: Settings) -> None:
    dropped = threading.Event()

    def drop_once(stage: str, done: int, total: int) -> None:
        if stage == "dossiers" and not dropped.is_set():
            dropped.set()
            with world.engine.connect() as connection:
                connection.execute(text(_KILL_HOLDER))

    result = run_daily(settings, progress=drop_once)
    assert dropped.is_set()
    assert (result.ok, result.error) == (True, None)
    assert _runs(world) == [("success", 1)]


def test_a_run_waits_for_another_and_says_so(world: World, settings: Settings) -> None:
    sentences: list[str] = []
    released = threading.Event()

    def release(sentence: str) -> None:
        sentences.append(sentence)
        released.set()

    def other_run() -> None:
        with run_lock(world.engine):
            held.set()
            released.wait(20)

    held = threading.Event()
    other = threading.Thread(target=other_run)
    other.start()
    held.wait(20)
    result = run_daily(settings, waiting=release)
    other.join()
    assert result.ok
    assert sentences == ["Một lần chạy khác đang giữ kho; đợi lần chạy đó, tối đa 20 giây."]
