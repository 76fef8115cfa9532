"""An office of the soak: its home, the version of motcua it runs, and its nights, some of which are cut off."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.faults.victim import wait_until_stopped
from tests.soak.clock import Clock
from tests.soak.measure import connected, measured, shared_memory
from tests.soak.world import run_at
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.embedded import stop_embedded

_MOTCUA = "from pipelines.cli import main; main()"
#: A machine that is busy with other work is no failure.
_LONGEST_SECONDS = 3600
#: How long after the boundary at which it stands still a run is killed, at most.
_LONGEST_PAUSE = 0.25


@dataclass
class Night:
    """What a night was and left behind; sizes in bytes."""

    night: int
    version: str
    killed_at: str = ""
    power_cut: bool = False
    missing: str = ""
    seconds: float = 0
    peak_memory: int = 0
    files: int = 0
    home: dict[str, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    runs_recorded: int = 0
    warehouse: dict[str, Any] = field(default_factory=dict)
    packed: int = 0

    @property
    def database(self) -> int:
        """All tables of the warehouse, the server's own catalogue included."""
        return sum(self.warehouse["bytes"].values())


class Office:
    """A home whose runs live in the time of the clock."""

    def __init__(self, folder: Path, clock: Clock, landing: Path, kept_days: int) -> None:
        self.home, self._clock = folder / "home", clock
        self._tmp, self._landing, self._kept_days = folder / "tmp", landing, kept_days
        for each in (folder, self._tmp, landing):
            each.mkdir(exist_ok=True, parents=True)
        folder.chmod(0o755)
        self.shared: set[str] = set()

    def _start(self, code: Path, *command: str, **more: str) -> subprocess.Popen[str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DAGSTER_"))
        }
        settings = {
            **{"MOTCUA_HOME": str(self.home), "MOTCUA_LANDING": str(self._landing)},
            **{"MOTCUA_RUNS_KEPT_DAYS": str(self._kept_days), "MOTCUA_LOG": "text", "LANG": "C.UTF-8"},
            **{"TMPDIR": str(self._tmp), "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
        }
        return subprocess.Popen(
            [sys.executable, *command], cwd=code, env=kept | settings | self._clock.environment() | more,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def command(self, code: Path, *arguments: str) -> str:
        """Runs `motcua` and returns what it prints. AssertionError when it fails."""
        return _output_of(self._start(code, "-c", _MOTCUA, *arguments))

    def run(self, code: Path, night: Night) -> None:
        """A run that nothing befalls."""
        begun, written_since = time.monotonic(), time.time()
        self._clock.set(run_at(night.night))
        process = self._start(code, "-c", _MOTCUA, "run", "--json")
        output, night.peak_memory = _wait(process)
        night.seconds = time.monotonic() - begun
        result = json.loads(output)
        assert result["ok"], result["error"]
        night.files = result["files_loaded"]
        self._clock.age(self.home, written_since)

    def run_killed(self, code: Path, night: Night, draw: random.Random) -> None:
        """A run of whose processes nothing is left, some time after its boundary; in a power cut, nor of its server."""
        written_since = time.time()
        self._clock.set(run_at(night.night))
        process = self._start(code, "-c", _MOTCUA, "run", "--json", **{VARIABLE: f"{night.killed_at}:1:STOP"})
        try:
            wait_until_stopped(process.pid, _LONGEST_SECONDS)
        except AssertionError as error:
            os.killpg(process.pid, signal.SIGKILL)
            output = process.communicate()
            if process.returncode or night.killed_at == "run.begun":
                raise AssertionError(f"{error}: {night}\n{output}") from error
            night.killed_at = "run.begun"  # there was nothing to do in that step; this place every run passes
            self.run_killed(code, night, draw)
            return
        self.shared |= {*shared_memory(self.home)}
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(draw.uniform(0, _LONGEST_PAUSE))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"it had ended before it was killed: {night}"
        if night.power_cut:
            _kill_server(self.home)
        self._clock.age(self.home, written_since)

    def measure(self, night: Night) -> None:
        """Fills in what the night left behind."""
        with self._clock.here(), connected(self.home) as connection:
            night.warehouse = measured(connection)
            self.shared |= {*shared_memory(self.home)}
        stop_embedded(self.home)
        night.home = {part.name: _size(part) for part in sorted(self.home.iterdir())}
        night.left = self._left_behind()
        records = self.home / "dagster" / "history" / "runs"
        night.runs_recorded = sum(1 for file in records.glob("*.db") if file.name != "index.db")

    def packed(self) -> int:
        """Returns how large the database is without the room that dead rows hold, from a copy."""
        copy = self.home.with_name("packed")
        copy.mkdir(mode=0o755)
        try:
            subprocess.run(["cp", "-a", self.home / "pg", copy / "pg"], check=True)
            if (self.home / "passwords.json").exists():
                shutil.copy2(self.home / "passwords.json", copy)
            with connected(copy) as connection:
                connection.execute("vacuum full")
                return sum(measured(connection)["bytes"].values())
        finally:
            stop_embedded(copy)
            shutil.rmtree(copy)

    def shared_left(self) -> list[str]:
        """Returns what the servers of this home left in /dev/shm."""
        return sorted(name for name in self.shared if Path("/dev/shm", name).exists())

    def _left_behind(self) -> list[str]:
        """Returns files that only a process at work needs."""
        docs = self.home / "data-docs"
        pages = {page.with_suffix("").name for page in docs.glob("*.html")} - {"index"}
        return [
            *(f"tmp/{file.name}" for file in self._tmp.iterdir()),
            *(f"alive/{file.name}" for file in (self.home / "dagster" / "alive").glob("*")),
            *(f"archive/part/{file.name}" for file in (self.home / "archive" / "part").glob("*")),
            *(f"data-docs/{file.name}" for file in docs.glob(".*")),
            *(f"data-docs/{page}.html" for page in sorted(pages) if not (docs / f"{page}.json").exists()),
            *(f"dagster/storage/{file.name}" for file in (self.home / "dagster" / "storage").glob("*")),
        ]


def _wait(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Returns what the process printed and its peak memory. AssertionError when it fails."""
    assert process.stdout and process.stderr
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{output}\n{errors}"
    return output, usage.ru_maxrss * 1024


def _output_of(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=_LONGEST_SECONDS)
    assert process.returncode == 0, f"{output}\n{errors}"
    return output


def _kill_server(home: Path) -> None:
    server = psutil.Process(int((home / "pg" / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
    assert str(home / "pg") in server.cmdline()
    family = [server, *server.children(recursive=True)]
    for member in family:
        member.kill()
    psutil.wait_procs(family, timeout=30)


def _size(path: Path) -> int:
    """Returns the bytes of a file, or of all files of a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
