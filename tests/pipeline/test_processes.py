"""Dagster's processes as an office runs them: the commands of the units, and `motcua ui`, on loopback."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import dagster as dg
import psutil
import pytest
from dagster_graphql import DagsterGraphQLClient
from sqlalchemy import Engine

from pipelines.dagster_processes import workspace
from pipelines.dagster_records import open_records
from pipelines.landing_sensor import STATE, new_exports
from tests.command_line import own_environment
from tests.receivers import free_port
from tests.worlds import World, provincial
from warehouse_sql.boundaries import VARIABLE

_SYSTEMD = Path(__file__).parents[2] / "deploy" / "systemd"
_BIN = Path(sys.executable).parent
_PATIENCE = 300

pytestmark = pytest.mark.long


@pytest.fixture
def world(warehouse: Engine, tmp_path: Path) -> World:
    world = World(warehouse, tmp_path)
    world.say_provincial("2023-07-17 18:30", provincial())
    return world


class Units:
    """The units of an office whose things lie below a folder. What systemd would do is done by hand."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.home, self.port = root / "home", free_port()
        self._root, self._environment = root, environment | {"DAGSTER_HOME": str(root / "home" / "dagster")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        (root / "workspace.yaml").write_text(workspace(root / "code.sock"), encoding="utf-8")

    def start(self, name: str, **more: str) -> None:
        for key, line in self._commands(name):
            command = [self._here(part) for part in shlex.split(line)]
            if key in {"ExecStartPre", "ExecStartPost"}:
                subprocess.run(
                    command, env=self._environment, cwd=self._root, check=True, stdout=subprocess.DEVNULL
                )
            else:
                with self.log(name).open("ab") as log:
                    self.processes[name] = subprocess.Popen(
                        command, env=self._environment | more, cwd=self._root, stdout=log, stderr=log
                    )

    def log(self, name: str) -> Path:
        """Returns where what the unit prints is collected."""
        return self._root / f"{name}.log"

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        """Ends a process with its children, as systemd ends a unit."""
        process = self.processes.pop(name)
        family = [process, *psutil.Process(process.pid).children(recursive=True)]
        for member in family:
            member.send_signal(number)
        for member in family:
            try:
                member.wait(30)
            except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
                member.kill()
        process.wait()

    def _commands(self, name: str) -> Iterator[tuple[str, str]]:
        for line in (_SYSTEMD / f"motcua-{name}.service").read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key in {"ExecStartPre", "ExecStart", "ExecStartPost"}:
                yield key, value

    def _here(self, part: str) -> str:
        for installed, ours in (
            ("/opt/motcua/bin", _BIN),
            ("/etc/motcua", self._root),
            ("/run/motcua", self._root),
            ("3000", self.port),
        ):
            part = part.replace(installed, str(ours))
        return part


@pytest.fixture
def units(
    world: World, warehouse_url: str, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Units]:
    monkeypatch.setenv("MOTCUA_DAGSTER_URL", empty_database_url)
    with tempfile.TemporaryDirectory(prefix="mc-", dir="/tmp") as folder:  # a socket's path has to be short
        root = Path(folder)
        environment = own_environment(root / "home", warehouse_url) | {
            "MOTCUA_LANDING": str(world.landing),
            "MOTCUA_DAGSTER_URL": empty_database_url,
            "MOTCUA_LOG": "auto",
        }
        units = Units(root, environment)
        try:
            yield units
        finally:
            for name in list(units.processes):
                units.stop(name, signal.SIGKILL)


def test_launches_wait_for_each_other_and_a_killed_one_is_marked_and_run_again(
    world: World, units: Units
) -> None:
    units.start("code")
    _look_often(units.home / "dagster" / "dagster.yaml")
    units.start("daemon")
    units.start("webserver")
    _wait_for(lambda: _answers(units.port))
    client = DagsterGraphQLClient("127.0.0.1", port_number=units.port)

    with open_records(units.home / "dagster") as records:
        first, second = (client.submit_job_execution("daily_run") for _ in range(2))
        _wait_for(lambda: _statuses(records, first, second) == ["SUCCESS", "SUCCESS"])
        begun, ended = (records.get_run_record_by_id(run_id) for run_id in (second, first))
        assert begun and ended and begun.start_time and ended.end_time
        assert begun.start_time >= ended.end_time

        units.stop("code")
        units.start("code", **{VARIABLE: "run.begun:1:STOP"})
        _wait_for(lambda: _answers(units.port))
        killed = _submitted(client)
        _wait_for(lambda: _has_stopped_child(units.processes["code"].pid))
        units.stop("code", signal.SIGKILL)
        units.start("code")
        _wait_for(lambda: _statuses(records, killed) == ["FAILURE"])
        _wait_for(lambda: _retry_of(records, killed) == ["SUCCESS"])
    statuses = [status for (status,) in world.ask("select status from ops.run order by run_id")]
    assert (statuses[:2], statuses[-1]) == (["success", "success"], "success")
    assert statuses.count("failed") == 1  # a sensor may have started one more that goes well


def test_files_that_came_start_a_run_without_anybody_asking(world: World, units: Units) -> None:
    units.start("code")
    units.start("daemon")
    with open_records(units.home / "dagster") as records:
        # They have to look the same at two looks, a minute apart.
        _wait_for(lambda: _for_files(records) == ["SUCCESS"])
        assert world.ask("select count(*) from core.fct_dossier") == [(1,)]
        ticks = records.get_ticks(*_sensor(records), limit=10)
        assert sum(len(tick.run_ids) for tick in ticks) == 1
    logged = _logged(units, "code", "daemon")
    assert any("RUN_SUCCESS" in line.get("message", "") for line in logged)
    assert all("level" in line for line in logged)


def test_motcua_ui_runs_all_three_on_loopback_and_ends_them_at_ctrl_c(
    world: World, warehouse_url: str, tmp_path: Path
) -> None:
    environment = own_environment(tmp_path / "home", warehouse_url) | {"MOTCUA_LANDING": str(world.landing)}
    port, pages = free_port(), free_port()
    ui = subprocess.Popen(
        [str(_BIN / "motcua"), "ui", "--port", str(port), "--pages-port", str(pages)],
        env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(lambda: _answers(port))
        children = psutil.Process(ui.pid).children(recursive=True)
        commands = {word for child in children for word in map(os.path.basename, child.cmdline()[:3])}
        assert {"dagster", "dagster-daemon", "dagster-webserver"} <= commands
        run_id = _submitted(DagsterGraphQLClient("127.0.0.1", port_number=port))
        with open_records(tmp_path / "home" / "dagster") as records:
            _wait_for(lambda: _statuses(records, run_id) == ["SUCCESS"])
        ui.send_signal(signal.SIGINT)
        assert ui.wait(60) == 0
    finally:
        ui.kill()
        ui.wait()
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    with open_records(tmp_path / "home" / "dagster") as records:
        assert _statuses(records, run_id) == ["SUCCESS"]


def _logged(units: Units, *names: str) -> list[dict[str, Any]]:
    """Returns the lines of these units, each of which is JSON."""
    return [json.loads(line) for name in names for line in units.log(name).read_text("utf-8").splitlines()]


def _look_often(file: Path) -> None:
    """An office's own settings: run monitoring and the queue every two seconds."""
    text = file.read_text(encoding="utf-8").partition("\n")[2]
    file.write_text(text.replace("poll_interval_seconds: 30", "poll_interval_seconds: 2"), encoding="utf-8")


def _submitted(client: DagsterGraphQLClient) -> str:
    """The id of a run that was launched, once the webserver has the definitions."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return client.submit_job_execution("daily_run")
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _statuses(records: dg.DagsterInstance, *run_ids: str) -> list[str]:
    runs = (records.get_run_by_id(run_id) for run_id in run_ids)
    return [run.status.value for run in runs if run]


def _retry_of(records: dg.DagsterInstance, run_id: str) -> list[str]:
    return [run.status.value for run in records.get_runs() if run.parent_run_id == run_id]


def _for_files(records: dg.DagsterInstance) -> list[str]:
    return [run.status.value for run in records.get_runs() if STATE in run.tags]


def _sensor(records: dg.DagsterInstance) -> tuple[str, str]:
    """What its ticks are filed under: origin and selector of the sensor that starts runs for files."""
    (state,) = (each for each in records.all_instigator_state() if each.instigator_name == new_exports.name)
    return state.instigator_origin_id, state.selector_id


def _has_stopped_child(pid: int) -> bool:
    return any(
        child.status() == psutil.STATUS_STOPPED for child in psutil.Process(pid).children(recursive=True)
    )


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)
