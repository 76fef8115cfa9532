"""`motcua run` itself, Dagster and the embedded server included, killed, left without a server, started twice."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assets.rebuild import COMPARED
from tests.faults.conftest import Case, OwnServer
from tests.faults.test_disk import small_disk
from tests.faults.victim import wait_until_stopped
from warehouse_sql.boundaries import VARIABLE
from warehouse_sql.embedded import embedded_url, stop_embedded

_MOTCUA = "from pipelines.cli import main; main()"
_CHECKOUT = Path(__file__).parents[2]


class Office:
    """A home, and the command line in it."""

    def __init__(self, home: Path, case: Case, url: str = "") -> None:
        self.home, self._case, self._url = home, case, url

    def start(self, *arguments: str, kill_at: str = "", **more: str) -> subprocess.Popen[str]:
        settings = {
            "MOTCUA_HOME": str(self.home),
            "MOTCUA_WAREHOUSE_URL": self._url,
            "MOTCUA_LANDING": str(self._case.work.mornings[-1]),
            "DAGSTER_HOME": "",
            VARIABLE: kill_at,
            **more,
        }
        return subprocess.Popen(
            [sys.executable, "-c", _MOTCUA, *arguments],
            cwd=_CHECKOUT, env=os.environ | settings, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def start_run(self, kill_at: str = "", **more: str) -> subprocess.Popen[str]:
        return self.start("run", "--arrived-when-exported", kill_at=kill_at, **more)

    def run(self) -> None:
        """A run that nothing befalls."""
        process = self.start_run()
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said

    def ends_well(self) -> None:
        """Both mornings in one run: what is derived does not depend on the grouping of files."""
        url = self._url or embedded_url(self.home)
        work = self._case.work._replace(url=url, archive=self.home / "archive")
        replace(self._case, work=work).ends_well(COMPARED)


@pytest.fixture
def office(case: Case) -> Iterator[Office]:
    """A home with an embedded server."""
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    yield Office(home, case)
    stop_embedded(home)
    shutil.rmtree(home)


def _sentence(process: subprocess.Popen[str]) -> str:
    """What a run that failed says; it says it in one line, and ends with exit code 1."""
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    errors = [line for line in said.splitlines() if line.startswith("Lỗi:")]
    assert len(errors) == 1 and "Traceback" not in said, said
    return errors[0]


@pytest.mark.long
def test_one_run_is_killed_while_another_waits_for_it(office: Office, case: Case) -> None:
    first = office.start_run("file.taken_in:4:STOP")
    wait_until_stopped(first.pid)
    second = office.start_run()
    said = _sentence(second)
    case.count("run_at_once", 2)
    assert re.search(r"phiên \d+ của motcua, từ \d\d:\d\d:\d\d \d\d/\d\d/\d{4}", said), said
    first.kill()
    first.communicate()
    case.count("kill")
    office.run()
    office.ends_well()


@pytest.mark.long
def test_a_warehouse_moves_to_another_machine_by_a_backup(office: Office, case: Case, tmp_path: Path) -> None:
    office.run()
    _done(office.start("warehouse", "backup", str(tmp_path / "backup"), "--with-archive"))
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    other = Office(home, case)
    try:
        _done(other.start("warehouse", "restore", str(tmp_path / "backup")))
        other.ends_well()
        refused = _sentence(other.start("warehouse", "restore", str(tmp_path / "backup")))
        assert "Kho đã có dữ liệu" in refused
        _done(other.start("warehouse", "restore", str(tmp_path / "backup"), "--replace"))
        other.run()
        other.ends_well()
    finally:
        stop_embedded(home)
        shutil.rmtree(home)


@pytest.mark.long
def test_a_new_home_with_the_archive_alone_is_rebuilt(office: Office, case: Case) -> None:
    office.run()
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    other = Office(home, case)
    try:
        assert "không có gì để dựng lại" in _sentence(other.start("warehouse", "rebuild"))
        shutil.copytree(office.home / "archive", home / "archive")
        _done(other.start("warehouse", "rebuild"))
        other.ends_well()
    finally:
        stop_embedded(home)
        shutil.rmtree(home)


def _done(process: subprocess.Popen[str]) -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


@pytest.mark.faults
@pytest.mark.parametrize(
    "boundary",
    [
        *("migration.before_commit:1", "run.begun:1", "reference.before_commit:1", "archive.before_rename:3"),
        *(
            "file.taken_in:7",
            "publication.before_commit:1",
            "publication.committed:1",
            "facts.committed:1",
            "aggregates.committed:1",
            "run.ended:1",
        ),
    ],
)
def test_motcua_run_killed_at_a_boundary(office: Office, case: Case, boundary: str) -> None:
    process = office.start_run(boundary)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    case.count("kill")
    office.run()
    office.ends_well()


@pytest.mark.faults
def test_two_motcua_runs_started_at_the_same_moment(office: Office, case: Case) -> None:
    both = [office.start_run(), office.start_run()]
    case.count("run_at_once", 2)
    codes = set()
    for process in both:
        _, said = process.communicate(timeout=120)
        codes.add(process.returncode)
        assert process.returncode == 0 or "đang giữ kho" in said, said
    assert 0 in codes
    office.ends_well()


@pytest.mark.faults
def test_motcua_rebuild_killed_on_the_way(office: Office, case: Case) -> None:
    office.run()
    process = office.start("warehouse", "rebuild", kill_at="file.taken_in:5")
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    case.count("kill")
    office.run()
    office.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("boundary", ["run.begun:1", "file.taken_in:5", "facts.bucket:1"])
def test_the_server_stops_under_motcua_run(
    case: Case, own_server: OwnServer, tmp_path: Path, boundary: str, restarts: bool
) -> None:
    office = Office(tmp_path / "home", case, own_server.url)
    process = office.start_run(f"{boundary}:STOP")
    wait_until_stopped(process.pid)
    own_server.crash()
    if restarts:
        own_server.start()
    process.send_signal(signal.SIGCONT)
    assert _sentence(process).startswith(("Lỗi: Mất kết nối với kho (", "Lỗi: Kho đã ngắt phiên giữ khóa"))
    case.count("server_stop")
    own_server.start()
    office.run()
    office.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize("boundary", ["run.begun:1", "file.taken_in:5", "facts.bucket:1"])
def test_motcua_run_goes_on_by_itself_once_its_server_is_back(
    case: Case, own_server: OwnServer, tmp_path: Path, boundary: str
) -> None:
    office = Office(tmp_path / "home", case, own_server.url)
    process = office.start_run(f"{boundary}:STOP", MOTCUA_RETRIES="10", MOTCUA_RETRY_AFTER="0.1")
    wait_until_stopped(process.pid)
    own_server.crash()
    process.send_signal(signal.SIGCONT)
    assert process.stderr
    for line in process.stderr:  # it says that it waits, after which the server comes back
        if "Tự thử lại sau" in line:
            break
    own_server.start()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    case.count("server_stop")
    office.ends_well()


@pytest.mark.faults
@pytest.mark.parametrize("kilobytes", [60, 300, 600])
def test_the_disk_of_the_home_is_full_under_motcua_run(case: Case, kilobytes: int) -> None:
    with small_disk(kilobytes) as disk:
        office = Office(disk, case, case.work.url)
        said = _sentence(office.start_run())
        # The archive says the first, Dagster's records the second.
        assert said.startswith(("Lỗi: Hết chỗ trên đĩa (", "Lỗi: Không ghi được lên đĩa (")), said
        case.count("disk_full")
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        office.run()
        office.ends_well()
