"""What the fault tests share: the landing zone, the unbroken run they compare with, and servers of their own."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from assets.given.archive import Archive
from tests.conftest import _LOADED, _PROGRAMS_15, _SETTINGS, _maintain
from tests.faults.content import content_of, difference, loose_ends
from tests.faults.counts import DIFFERENCE
from tests.faults.landing import lay_mornings
from tests.faults.victim import Victim, Work
from warehouse_sql.cluster import PORT, SUPERUSER, create_cluster, postmaster, start_cluster, stop_cluster
from warehouse_sql.embedded import LOCALE, programs
from warehouse_sql.engine import open_engine
from warehouse_sql.side_database import side_database

Count = Callable[..., None]
_HOURS = 2 * 3600


@dataclass(frozen=True)
class Unbroken:
    """What the unbroken run made, and the seconds it took."""

    content: dict[str, list[str]]
    seconds: float


@dataclass(frozen=True)
class Case:
    """A warehouse of the test's own and the work to be broken off; `ends_well` compares."""

    work: Work
    unbroken: Unbroken
    count: Count

    def finish(self, victim: Victim | None = None) -> None:
        """Runs again from the morning that was broken off."""
        done = victim.mornings_done if victim else 0
        mornings = self.work.mornings[min(done, len(self.work.mornings) - 1) :]
        self.work._replace(mornings=mornings, rebuilds=False).do()

    def ends_well(self, tables: tuple[str, ...] = ()) -> None:
        """All as after the unbroken run, nothing left over."""
        # A kill may leave a file half written; the run of the next night removes it.
        for part in self.work.archive.glob("part/*"):
            os.utime(part, (time.time() - _HOURS,) * 2)
        Archive(self.work.archive).sweep()
        engine = open_engine(self.work.url)
        try:
            found = difference(self.unbroken.content, content_of(engine), *((tables,) if tables else ()))
            self.count(DIFFERENCE, max(map(len, found.values()), default=0))
            assert not found
            assert loose_ends(engine, self.work.archive, self.work.mornings[-1]) == []
        finally:
            engine.dispose()


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "faults"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def mornings(common: Path) -> list[Path]:
    """The landing zone on two mornings; nobody writes into it."""
    with _once(common / "landing") as is_first:
        if is_first:
            lay_mornings(common / "landing")
    return [common / "landing/first", common / "landing/second"]


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Counts one more of counts.DONE, for the summary."""

    def one_more(name: str, value: int = 1) -> None:
        record_property(name, value)

    return one_more


@pytest.fixture
def unbroken(server: str, warehouse_url: str, common: Path, mornings: list[Path]) -> Unbroken:
    """The run that nothing befell, once a session and server."""
    told = common / f"unbroken-{server}.json"
    with _once(common / f"unbroken-{server}") as is_first:
        if is_first:
            found = _run_unbroken(warehouse_url, common / f"archive-{server}", mornings)
            told.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return Unbroken(**json.loads(told.read_text(encoding="utf-8")))


def _run_unbroken(url: str, archive: Path, mornings: list[Path]) -> Unbroken:
    # In an empty warehouse, which has everything to do, and in one like those that are broken off, for its time.
    with side_database(open_engine(url), "unbroken") as beside:
        Work(beside.url.render_as_string(hide_password=False), archive, mornings).do()
        content = content_of(beside)
        assert loose_ends(beside, archive, mornings[-1]) == []
        beside.dispose()
    with side_database(open_engine(url), "timed") as timed:
        _maintain(url, f"drop database {timed.url.database}")
        _maintain(url, f"create database {timed.url.database} template {_LOADED}")
        victim = Victim(Work(timed.url.render_as_string(hide_password=False), archive, mornings))
        started = time.monotonic()
        assert victim.wait() == 0, victim.sentence
        return Unbroken(content, time.monotonic() - started)


@contextmanager
def _once(place: Path) -> Iterator[bool]:
    """True for the first of all workers, which the others wait for."""
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_first = not place.with_suffix(".done").exists()
        yield is_first
        place.with_suffix(".done").touch()


@pytest.fixture
def case(warehouse_url: str, tmp_path: Path, mornings: list[Path], unbroken: Unbroken, count: Count) -> Case:
    """A fresh warehouse with both mornings still to do."""
    return Case(Work(warehouse_url, tmp_path / "archive", mornings), unbroken, count)


class OwnServer:
    """A PostgreSQL that a test may stop, with an empty database."""

    def __init__(self, version: str, data: Path) -> None:
        self._binaries = programs() if version == "18" else _installed_15()
        self.data = data
        locale = [*LOCALE, "--no-data-checksums"] if version == "18" else ["--locale=C.UTF-8"]
        create_cluster(self._binaries, data, [*locale, "--no-sync", "--wal-segsize=1"], _SETTINGS)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write("max_wal_size = 8MB\nmin_wal_size = 2MB\n")
        self.start()
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute("create database motcua template template0 encoding 'UTF8'")

    @property
    def url(self) -> str:
        return self._url("motcua")

    def _url(self, database: str) -> str:
        host = {"host": str(self._sockets), "port": str(PORT)}
        return URL.create("postgresql", SUPERUSER, database=database, query=host).render_as_string()

    def start(self) -> None:
        """Also after a crash; its recovery is waited for."""
        self._sockets = start_cluster(self._binaries, self.data)

    def crash(self) -> None:
        """Immediate shutdown: what is not in its log is lost."""
        if running := postmaster(self.data):
            os.kill(running.pid, signal.SIGQUIT)
            while postmaster(self.data):
                time.sleep(0.01)

    def remove(self) -> None:
        stop_cluster(self.data)
        shutil.rmtree(self.data, ignore_errors=True)


def _installed_15() -> Path:
    found = [folder for folder in _PROGRAMS_15 if (folder / "postgres").exists()]
    if not found:
        pytest.skip("PostgreSQL 15 is not installed")
    return found[0]


@pytest.fixture
def own_server(server: str) -> Iterator[OwnServer]:
    """A server of the test's own."""
    root = Path(
        tempfile.mkdtemp(prefix="motcua-fault-", dir="/dev/shm" if Path("/dev/shm").is_dir() else "/tmp")
    )
    found = OwnServer(server, root / "pg")
    yield found
    found.remove()
    shutil.rmtree(root, ignore_errors=True)
