"""A run starts by itself when files have come, once for each state of the landing zone, and again after a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus as Status
from sqlalchemy import Engine

from assets.exports.resources import Landing
from assets.exports.waiting import waiting_files
from assets.given.archive import Archive
from pipelines.definitions import build_definitions
from pipelines.landing_sensor import PAUSES, STATE, Try, new_exports, why_not_again
from pipelines.settings import Settings
from tests.worlds import World, provincial
from warehouse_sql.resources import Warehouse
from warehouse_sql.run_lock import run_lock
from warehouse_sql.vietnam_time import VIETNAM

_NOON = datetime(2026, 11, 27, 12, tzinfo=VIETNAM)


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class _Daemon:
    """Looks as Dagster's daemon does, with the cursor of the look before, and runs what is asked for."""

    def __init__(self, world: World, instance: dg.DagsterInstance, settings: Settings) -> None:
        self._warehouse = Warehouse(settings.url, lock_wait_seconds=0)
        self._landing = Landing(settings.landing_url, Archive(settings.archive))
        self._definitions = build_definitions({"warehouse": self._warehouse, "landing": self._landing})
        self._instance = instance
        self._cursor: str | None = None
        self.run_keys: list[str] = []

    def look(self) -> str | None:
        """Returns why no run starts, or None after one ran."""
        with dg.build_sensor_context(
            self._instance,
            cursor=self._cursor,
            resources={"warehouse": self._warehouse, "landing": self._landing},
        ) as context:
            answer = new_exports(context)
            self._cursor = context.cursor
        if isinstance(answer, dg.SkipReason):
            return answer.skip_message
        assert isinstance(answer, dg.RunRequest) and answer.run_key
        # Dagster never runs a key a second time.
        assert answer.run_key not in self.run_keys
        self.run_keys.append(answer.run_key)
        self._definitions.resolve_job_def("daily_run").execute_in_process(
            instance=self._instance, tags=dict(answer.tags), raise_on_error=False
        )
        return None


@pytest.fixture
def daemon(warehouse_url: str, world: World, instance: dg.DagsterInstance) -> _Daemon:
    home = world.landing.parent / "home"
    settings = Settings(home=home, warehouse_url=warehouse_url, landing=str(world.landing))
    return _Daemon(world, instance, settings)


def test_files_that_came_start_a_run_at_the_second_look_and_then_no_more(
    world: World, daemon: _Daemon
) -> None:
    assert daemon.look() == "new files: 1; looked at once more before they are taken in"
    assert daemon.look() is None
    assert world.ask("select path from landing.export_file") != []
    assert daemon.look() == "no new files"

    # The same file exported again under its name, with other content and then with the old one.
    (file,) = (path for path in world.landing.rglob("*.json"))
    old = file.read_bytes()
    file.write_bytes(old.replace(b'"id": 2', b'"id": 4'))
    assert daemon.look() == "new files: 1; looked at once more before they are taken in"
    assert daemon.look() is None
    assert world.ask("select count(*) from landing.export_file") == [(2,)]
    file.write_bytes(old)
    assert [daemon.look(), daemon.look(), daemon.look()] == [
        "new files: 1; looked at once more before they are taken in",
        None,
        "no new files",
    ]
    assert len(set(daemon.run_keys)) == 3


def test_a_run_that_failed_is_tried_again_after_a_pause(
    world: World, daemon: _Daemon, instance: dg.DagsterInstance
) -> None:
    daemon.look()
    with run_lock(world.engine):
        assert daemon.look() is None
    (record,) = instance.get_run_records(dg.RunsFilter(statuses=[Status.FAILURE]))
    assert record.dagster_run.tags["motcua/try"] == "1"
    reason = daemon.look()
    assert reason is not None and reason.startswith("new files: 1; the run for them failed: tried again at ")
    assert daemon.run_keys[0].endswith("-reader-1-try-1")
    assert STATE in record.dagster_run.tags


def test_while_a_run_is_under_way_none_is_started(daemon: _Daemon, instance: dg.DagsterInstance) -> None:
    daemon.look()
    instance.create_run_for_job(build_definitions().resolve_job_def("daily_run"), status=Status.STARTED)
    assert daemon.look() == "a run is under way"


def test_tries_have_pauses_and_an_end() -> None:
    failed = Try(Status.FAILURE, _NOON)
    for done, pause in enumerate(PAUSES, start=1):
        tries = [failed] * done
        assert why_not_again(tries, _NOON + pause - timedelta(seconds=1)) is not None
        assert why_not_again(tries, _NOON + pause) is None
    assert "nightly" in str(why_not_again([failed] * (len(PAUSES) + 1), _NOON + timedelta(days=1)))


def test_what_a_repeat_does_not_mend_is_not_repeated() -> None:
    later = _NOON + timedelta(days=1)
    assert "audit" in str(why_not_again([Try(Status.FAILURE, _NOON, is_refused=True)], later))
    assert "person" in str(why_not_again([Try(Status.CANCELED, _NOON)], later))
    assert "left them" in str(why_not_again([Try(Status.FAILURE, _NOON), Try(Status.SUCCESS, _NOON)], later))


def test_a_file_of_the_same_name_size_and_content_has_another_state_when_it_is_exported_again(
    world: World, daemon: _Daemon
) -> None:
    zone = Landing(str(world.landing), Archive(world.landing.parent / "archive")).zone()
    before = waiting_files(world.engine, zone, world.sources)
    (file,) = (path for path in world.landing.rglob("*.json"))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    again = waiting_files(world.engine, zone, world.sources)
    assert (before.sources, len(again.files)) == (["igate"], 1)
    assert before.digest != again.digest
    assert replace(before, files=before.files[::-1]).digest == before.digest
