"""The life of the embedded server: found, shared, recovered, and gone with the last who used it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from warehouse_sql.cluster import SUPERUSER, postmaster, stop_cluster
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.embedded_access import login_url
from warehouse_sql.engine import check_server, open_engine
from warehouse_sql.errors import WarehouseError

_CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home with data; servers come and go."""
    home = Path(tempfile.mkdtemp(prefix="mc-", dir="/tmp"))
    _run(home, "")
    yield home
    stop_cluster(home / "pg")
    shutil.rmtree(home)


@pytest.fixture
def home(made: Path) -> Iterator[Path]:
    yield made
    stop_embedded(made)


def _command(home: Path, then: str, **options: bool) -> list[str]:
    code = f"""
        import os, sys, time
        from pathlib import Path
        from warehouse_sql.embedded import embedded_url
        from warehouse_sql.engine import check_server, open_engine
        url = embedded_url(Path({str(home)!r}), **{options!r})
        assert check_server(open_engine(url)) == 18
        print(url, flush=True)
        {then}
    """
    return [sys.executable, "-c", textwrap.dedent(code)]


def _run(home: Path, then: str, **options: bool) -> str:
    done = subprocess.run(
        _command(home, then, **options), capture_output=True, text=True, cwd=_CHECKOUT, check=False
    )
    assert not done.stderr
    return done.stdout.strip()


def _server(home: Path) -> int:
    result = postmaster(home / "pg")
    return result.pid if result else 0


def test_it_stops_with_the_last_who_used_it(home: Path) -> None:
    first = subprocess.Popen(_command(home, "sys.stdin.read()"), cwd=_CHECKOUT, text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert first.stdout
    url = first.stdout.readline().strip()
    pid = _server(home)
    assert pid
    assert _run(home, "") == url
    assert _server(home) == pid  # the first one still uses it
    first.communicate("")
    assert not _server(home)


def test_two_that_start_it_at_once_share_it(home: Path) -> None:
    both = [subprocess.Popen(_command(home, "time.sleep(1)"), cwd=_CHECKOUT) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert not _server(home)


def test_a_killed_process_leaves_it_to_the_next(home: Path) -> None:
    url = _run(home, "os.kill(os.getpid(), 9)")
    pid = _server(home)
    assert pid
    assert _run(home, "") == url
    assert not _server(home)


@pytest.mark.parametrize("pid_is_reused", [False, True])
def test_a_killed_server_is_recovered(home: Path, pid_is_reused: bool) -> None:
    engine = open_engine(embedded_url(home))
    with engine.begin() as connection:
        connection.execute(text("create table if not exists public.kept (a integer)"))
        connection.execute(text("truncate public.kept"))
        connection.execute(text("insert into public.kept values (1)"))
    pid = _server(home)
    os.kill(pid, signal.SIGKILL)
    while _server(home):
        time.sleep(0.01)
    left = home / "pg" / "postmaster.pid"
    if pid_is_reused:
        left.write_text(left.read_text().replace(str(pid), str(os.getpid()), 1))
    assert left.exists()
    embedded_url(home)
    # The engine of before is of use again: its sessions are tried before they are handed out.
    with engine.connect() as connection:
        assert connection.execute(text("select a from public.kept")).scalars().all() == [1]
    engine.dispose()


def test_a_server_that_is_killed_as_an_unlogged_table_is_given_up_comes_up_again(home: Path) -> None:
    """PostgreSQL then finds the table's file in its way, once: its making is in the log of changes, and its end is not."""
    url = embedded_url(home, keep=True)
    login = login_url(home, home / "pg", SUPERUSER)
    with psycopg.connect(login, autocommit=True) as connection:
        connection.execute("alter system set wal_writer_delay = '10s'")
        connection.execute("select pg_reload_conf()")
        connection.execute("checkpoint")
    with psycopg.connect(login) as giving_up, psycopg.connect(login, autocommit=True) as other:
        giving_up.execute("create unlogged table given_up (x integer)")
        other.execute("select pg_current_wal_flush_lsn()")
        other.execute("create table flushes_what_was_before (x integer)")
        giving_up.rollback()
        pid = int((home / "pg" / "postmaster.pid").read_text().splitlines()[0])
        for process in _processes_of(pid):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    with open_engine(embedded_url(home, keep=True)).connect() as connection:
        assert connection.execute(text("select to_regclass('given_up')")).scalar_one() is None
    log = (home / "pg" / "log").read_text()
    assert "could not create file" in log and "File exists" in log
    assert url


def _processes_of(postmaster_pid: int) -> list[int]:
    """The server's processes, itself first."""
    children = Path(f"/proc/{postmaster_pid}/task/{postmaster_pid}/children").read_text().split()
    return [postmaster_pid, *map(int, children)]


def test_it_is_kept_until_it_is_stopped(home: Path) -> None:
    _run(home, "", keep=True)
    _run(home, "")
    assert _server(home)
    stop_embedded(home)
    assert not _server(home)
    stop_embedded(home)


def test_nobody_else_reaches_it(home: Path) -> None:
    engine = open_engine(embedded_url(home))
    with engine.connect() as connection:
        shown = [
            connection.execute(text(f"show {name}")).scalar()
            for name in ("listen_addresses", "fsync", "synchronous_commit", "full_page_writes")
        ]
    engine.dispose()
    assert shown == ["", "on", "on", "on"]
    running = postmaster(home / "pg")
    assert running
    assert running.socket_folder.stat().st_mode & 0o077 == 0


def test_the_environment_of_other_servers_is_of_no_account(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "elsewhere", "PGDATA": "/nowhere", "LC_ALL": "xx"}.items():
        monkeypatch.setenv(name, value)
    assert check_server(open_engine(embedded_url(home))) == 18


def test_a_home_far_down_and_oddly_named_works(home: Path) -> None:
    far = home / "Một cửa, 'thử' @50%" / ("x" * 120)
    far.mkdir(parents=True)
    stop_embedded(home)
    (home / "pg").rename(far / "pg")
    try:
        embedded_url(far)
        running = postmaster(far / "pg")
        assert running
        assert len(str(running.socket_folder)) < 60
        assert running.socket_folder.stat().st_mode & 0o077 == 0
        stop_embedded(far)
        running.socket_folder.rmdir()
    finally:
        stop_embedded(far)
        (far / "pg").rename(home / "pg")


def test_what_a_kill_left_of_making_it_is_made_again(home: Path) -> None:
    (home / "pg").rename(home / "pg.aside")
    (home / "pg.new").mkdir()
    (home / "pg.new" / "PG_VERSION").write_text("18\n")
    try:
        assert check_server(open_engine(embedded_url(home))) == 18
        stop_embedded(home)
    finally:
        shutil.rmtree(home / "pg")
        (home / "pg.aside").rename(home / "pg")


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    configuration = home / "pg" / "postgresql.auto.conf"
    before = configuration.read_bytes()
    configuration.write_bytes(before + b"shared_buffers = much\n")
    try:
        with pytest.raises(
            WarehouseError, match=r"Không khởi động được PostgreSQL nhúng .*shared_buffers.*xem tệp"
        ):
            embedded_url(home)
    finally:
        configuration.write_bytes(before)


def test_data_of_another_version_are_left_alone(home: Path) -> None:
    stamp = home / "pg" / "PG_VERSION"
    stamp.write_text("16\n")
    try:
        with pytest.raises(WarehouseError, match="PostgreSQL 16, motcua này dùng bản 18"):
            embedded_url(home)
    finally:
        stamp.write_text("18\n")


def test_a_home_made_before_a_setting_was_gets_it_at_the_next_start(home: Path) -> None:
    stop_embedded(home)
    file = home / "pg" / "postgresql.conf"
    before = [line for line in file.read_text().splitlines() if not line.startswith("io_method")]
    file.write_text("\n".join(before))  # as an editor may leave it, without an end of line
    asked = "print(open_engine(url).connect().exec_driver_sql('show io_method').scalar_one())"
    assert _run(home, asked).split()[-1] == "sync"
    stop_embedded(home)
    _run(home, "")
    assert file.read_text().count("\nio_method = sync\n") == 1
    file.write_text(file.read_text().replace("io_method = sync", "io_method = worker"))
    stop_embedded(home)
    assert _run(home, asked).split()[-1] == "worker", "what someone wrote there stays"


def test_what_an_earlier_version_wrote_there_gives_way_to_a_later_setting(home: Path) -> None:
    stop_embedded(home)
    file = home / "pg" / "postgresql.conf"
    now = file.read_text()
    ours = "\ncheckpoint_timeout = 15min\njit = off\n"
    assert now.count(ours) == now.count("\nwal_compression = off\n") == 1
    then = now.replace("\nwal_compression = off\n", "\n")
    then = then.replace(ours, "\ncheckpoint_timeout = 15min\nwal_compression = on\njit = off\n")
    asked = "print(open_engine(url).connect().exec_driver_sql('show wal_compression').scalar_one())"
    file.write_text(then)
    for _ in range(2):
        assert _run(home, asked).split()[-1] == "off"
        assert file.read_text() == f"{then}wal_compression = off\n"
        stop_embedded(home)
    file.write_text(f"{then}wal_compression = on\n")
    assert _run(home, asked).split()[-1] == "pglz", "what someone wrote there stays"
