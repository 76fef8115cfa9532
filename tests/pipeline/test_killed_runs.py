"""A run that was killed is marked as failed, in Dagster and in ops.run, whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import Engine

from assets.run_log import mark_killed
from pipelines import run_launcher
from pipelines.dagster_home import prepare_dagster_home
from pipelines.dagster_records import open_records
from pipelines.definitions import build_definitions
from pipelines.liveness import TAG, is_alive, remove_files_of_killed, shown_alive
from pipelines.run_coordinator import WRITES
from pipelines.run_launcher import WatchedRunLauncher
from pipelines.sensors import killed_runs
from pipelines.settings import Settings
from tests.command_line import own_environment
from tests.faults.victim import wait_until_stopped
from tests.worlds import World, provincial
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.resources import Warehouse
from warehouse_sql.run_lock import run_lock

_MOTCUA = [sys.executable, "-c", "from pipelines.cli import main; main()"]


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


def test_the_file_of_a_process_is_held_while_it_lives_and_gone_after_a_good_end(tmp_path: Path) -> None:
    with shown_alive(tmp_path) as tags:
        file = Path(tags[TAG])
        assert is_alive(file)
    assert not file.exists() and not is_alive(file)


def test_files_of_processes_that_are_in_no_record_are_removed_once_they_are_surely_dead(
    tmp_path: Path,
) -> None:
    with shown_alive(tmp_path) as tags:
        living = Path(tags[TAG])
        dead, just_made = (living.with_name(f"{name}.lock") for name in ("dead", "just made"))
        for file in (dead, just_made):
            file.touch()
        for file in (living, dead):
            os.utime(file, (time.time() - 120,) * 2)
        remove_files_of_killed(tmp_path)
        assert {*living.parent.iterdir()} == {living, just_made}


@pytest.mark.long
def test_motcua_run_killed_is_marked_by_monitoring_and_by_the_next_run(
    world: World, warehouse_url: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    environment = own_environment(home, warehouse_url) | {"MOTCUA_LANDING": str(world.landing)}
    process = subprocess.Popen(
        [*_MOTCUA, "run"], env=environment | {VARIABLE: "file.taken_in:1:STOP"}, cwd=tmp_path
    )
    try:
        wait_until_stopped(process.pid, 300)
    except AssertionError:
        process.kill()
        raise
    with open_records(home / "dagster") as records:
        (run,) = records.get_runs()
        assert WRITES.items() <= run.tags.items()  # Dagster's queue waits for it
        assert _health(records, run) == "RUNNING"
        assert mark_killed(world.engine) == 0  # its lock is held

        process.kill()
        process.wait()
        assert _health(records, run) == "NOT_FOUND"
        _wait_for_the_end_of_its_session(world)
        assert mark_killed(world.engine) == 1
        assert world.ask("select status, ended_at, message like '%bị ngắt giữa chừng%' from ops.run") == [
            ("failed", None, True)
        ]
    subprocess.run([*_MOTCUA, "run"], env=environment, cwd=tmp_path, check=True)
    with open_records(home / "dagster") as records:
        statuses = {each.run_id: each.status for each in records.get_runs()}
        assert statuses.pop(run.run_id) == dg.DagsterRunStatus.FAILURE
        assert list(statuses.values()) == [dg.DagsterRunStatus.SUCCESS]
    assert world.ask("select status from ops.run order by run_id") == [("failed",), ("success",)]
    assert not [*(home / "dagster" / "alive").iterdir()]


def _wait_for_the_end_of_its_session(world: World) -> None:
    """The server sees a moment later than we do that a client is gone."""
    deadline = time.monotonic() + 30
    held = (
        "select count(*) from pg_locks where locktype = 'advisory'"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    while world.ask(held) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_run_that_still_holds_the_lock_is_not_taken_for_killed(world: World) -> None:
    with world.engine.begin() as connection:
        connection.exec_driver_sql("insert into ops.run (started_at, status) values (now(), 'running')")
    with run_lock(world.engine):
        assert mark_killed(world.engine) == 0
    assert mark_killed(world.engine) == 1
    assert mark_killed(world.engine) == 0


def test_a_run_whose_code_server_is_silent_is_given_up_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = {".dagster/grpc_info": f'{{"host": "localhost", "socket": "{tmp_path}/none.sock"}}'}
    with open_records(prepare_dagster_home(Settings(home=tmp_path))) as records:
        run = records.create_run_for_job(_daily_run(), status=dg.DagsterRunStatus.STARTED, tags=where)
        by_hand = records.create_run_for_job(_daily_run(), status=dg.DagsterRunStatus.STARTED)
        assert _health(records, run) == "RUNNING"
        monkeypatch.setattr(run_launcher, "_GONE_AFTER_SECONDS", 0)
        assert _health(records, run) == "NOT_FOUND"
        assert _health(records, by_hand) == "RUNNING"  # nobody can say


def test_the_sensor_asks_the_warehouse_once_for_each_new_failure(world: World, tmp_path: Path) -> None:
    asked: list[str] = []

    def address() -> str:
        asked.append("asked")
        return world.engine.url.render_as_string(hide_password=False)

    with world.engine.begin() as connection:
        connection.exec_driver_sql("insert into ops.run (started_at, status) values (now(), 'running')")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def look(cursor: str | None) -> str | None:
            warehouse = Warehouse(address)
            with (
                warehouse,
                dg.build_sensor_context(
                    instance=instance, cursor=cursor, resources={"warehouse": warehouse}
                ) as context,
            ):
                result = killed_runs(context)
            return result.cursor if isinstance(result, dg.SensorResult) else cursor

        assert look(None) is None
        assert asked == []
        killed = instance.create_run_for_job(_daily_run(), status=dg.DagsterRunStatus.FAILURE)
        assert look(look(None)) == killed.run_id
        assert asked == ["asked"]
    assert world.ask("select status, ended_at from ops.run") == [("failed", None)]


def _daily_run() -> dg.JobDefinition:
    return build_definitions(sources={}).resolve_job_def("daily_run")


def _health(records: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    launcher = records.run_launcher
    assert isinstance(launcher, WatchedRunLauncher)
    return launcher.check_run_worker_health(run).status.value
