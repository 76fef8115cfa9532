"""A disk that is full in the middle: of the archive, of a backup, of the server. One sentence; with room again, the same end."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from assets.backup import Backup, open_backup, write_backup
from assets.given.archive import Archive
from pipelines.errors import sentence
from tests.faults.conftest import Case, Count, OwnServer, Unbroken
from tests.faults.victim import Victim, Work
from warehouse_sql.content import TableContent, table_contents
from warehouse_sql.dump_programs import dump_program
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate
from warehouse_sql.restore import Wanted, restore_warehouse


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    """A file system of that size, in memory."""
    place = Path(tempfile.mkdtemp(prefix="motcua-disk-", dir="/tmp"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0755", "motcua-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


def _fill(disk: Path) -> Path:
    """Takes all room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    stream.write(b"x" * size)
    return filler


@pytest.mark.parametrize(
    "kilobytes",
    [
        40,
        pytest.param(90, marks=pytest.mark.faults),
        pytest.param(150, marks=pytest.mark.long),
    ],
)
def test_an_archive_that_is_full(case: Case, kilobytes: int) -> None:
    with small_disk(kilobytes) as disk:
        small = Case(case.work._replace(archive=disk / "archive"), case.unbroken, case.count)
        victim = Victim(small.work)
        assert victim.wait() == 1
        case.count("disk_full")
        assert victim.sentence.startswith("Hết chỗ trên đĩa (") and "\n" not in victim.sentence
        assert victim.mornings_done < 2
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        small.finish(victim)
        small.ends_well()


@pytest.mark.faults
@pytest.mark.both_servers
@pytest.mark.parametrize(
    "boundary", ["run.begun:1", "file.registered:5", "file.taken_in:8", "facts.bucket:2", "run.begun:2"]
)
def test_a_server_whose_disk_is_full(
    server: str, boundary: str, tmp_path: Path, mornings: list[Path], unbroken: Unbroken, count: Count
) -> None:
    with small_disk(160 << 10) as disk:
        own = OwnServer(server, disk / "pg")
        case = Case(Work(own.url, tmp_path / "archive", mornings), unbroken, count)
        try:
            victim = Victim(case.work, f"{boundary}:STOP")
            victim.wait_until_stopped()
            filler = _fill(disk)
            victim.go_on()
            code = victim.wait()
            if code:
                count("disk_full")
                assert victim.sentence.startswith(
                    ("Máy chủ của kho hết chỗ trên đĩa (", "Mất kết nối với kho (")
                )
            print(boundary, code, victim.sentence)
            filler.unlink()
            own.start()
            case.finish(victim)
            case.ends_well()
        finally:
            own.remove()


def test_a_backup_for_which_there_is_no_room_leaves_nothing(case: Case) -> None:
    case.work.do()
    engine, archive = open_engine(case.work.url), Archive(case.work.archive)
    with small_disk(48) as disk:
        for with_archive in (False, True):
            with pytest.raises((WarehouseError, OSError)) as error:
                write_backup(engine, archive, disk / "backup", office={}, with_archive=with_archive)
            case.count("disk_full")
            assert sentence(error.value).startswith("Hết chỗ trên đĩa"), error.value
            assert list(disk.iterdir()) == []
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        open_backup(write_backup(engine, archive, disk / "backup", office={}, with_archive=True).folder)
    engine.dispose()
    case.ends_well()


@pytest.mark.long
@pytest.mark.both_servers
def test_a_restore_for_which_the_server_has_no_room_leaves_what_was_there(
    server: str, tmp_path: Path, mornings: list[Path], count: Count
) -> None:
    with small_disk(160 << 10) as disk:
        own = OwnServer(server, disk / "pg")
        try:
            work = Work(own.url, tmp_path / "archive", mornings[:1])
            work.do()
            backup = write_backup(open_engine(own.url), Archive(work.archive), tmp_path / "backup", office={})
            work._replace(mornings=mornings[1:]).do()
            before = _contents(own.url)
            filler = _fill(disk)
            with pytest.raises((WarehouseError, psycopg.Error, DBAPIError)) as error:
                _restore(own.url, backup)
            count("disk_full")
            assert sentence(error.value).startswith(
                ("Máy chủ của kho hết chỗ trên đĩa (", "Mất kết nối với kho (")
            ), error.value
            filler.unlink()
            own.start()
            assert _contents(own.url) == before != backup.contents
            _restore(own.url, backup)
            assert _contents(own.url) == backup.contents
        finally:
            own.remove()


def _contents(url: str) -> dict[str, TableContent]:
    engine = open_engine(url)
    with engine.connect() as connection:
        contents = table_contents(connection)
    engine.dispose()
    return contents


def _restore(url: str, backup: Backup) -> None:
    engine = open_engine(url)
    try:
        program = dump_program("pg_restore", backup.dump_version, is_embedded=False)
        restore_warehouse(engine, program, backup.dump, Wanted(backup.revision, backup.contents))
        migrate(engine)
    finally:
        engine.dispose()
