"""A PostgreSQL data folder: made, started, found running, stopped; of any version, by root or not.

PostgreSQL refuses root: started by root, it runs as a system user that owns the data folder (`server_user.py`). Here:
one server on this machine, reached by its socket, and by a port of loopback where one is given. Not here: whose it is
and how long it lives (`embedded.py`), who may log in (`embedded_access.py`), or what is in it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from warehouse_sql.server_user import ServerUserError, data_place, programs_for, server_user

if TYPE_CHECKING:
    import pwd

SUPERUSER = "postgres"
PORT = 5432  # names the socket; nothing listens on the network unless a port is given
LOOPBACK = "127.0.0.1"
_SOCKET = ".s.PGSQL.65535"  # as long as any
_LONGEST_SOCKET_PATH = 103  # macOS; Linux has 107
_POLL_SECONDS = 0.01
_PAUSE_SECONDS = 0.1
_LARGEST_LOG = 10 << 20
_ENOUGH_SHARED_MEMORY = 1 << 29


class ClusterError(RuntimeError):
    """The server can't be made, started or stopped; the message says why, in the server's words where it has any."""


class Postmaster(NamedTuple):
    """A running server as its postmaster.pid tells it; `socket_folder` and `port` are known once `is_ready`.

    `is_ready` stays true while a server recovers from the end of one of its processes: see `admits`.
    """

    pid: int
    socket_folder: Path
    port: str
    is_ready: bool

    def admits(self) -> bool:
        """Returns whether it lets sessions in at this moment, as far as their logins allow."""
        if not self.is_ready:
            return False
        address = make_conninfo(host=str(self.socket_folder), port=self.port, connect_timeout=10)
        return PGconn.ping(address.encode()) in (Ping.OK, Ping.NO_ATTEMPT)


def create_cluster(binaries: Path, data: Path, options: Sequence[str], settings: str) -> None:
    """Makes the data folder by initdb, in UTF-8, with `settings` (lines of postgresql.conf) on top.

    Whoever reaches its socket is trusted until its pg_hba.conf says otherwise. Made by root below folders that the
    server's user may not pass, the data lie in that user's own place and `data` leads there. The folder appears whole or
    not at all: a kill on the way leaves nothing that the next try trips over. Raises ClusterError with initdb's words; OSError
    when the place can't be written.
    """
    try:
        user = server_user()
        with data_place(user, data) as place:
            _init(programs_for(user, binaries), place, user, options, settings)
    except ServerUserError as error:
        raise ClusterError(str(error)) from error


def _init(
    binaries: Path, place: Path, user: pwd.struct_passwd | None, options: Sequence[str], settings: str
) -> None:
    fresh = place.with_name(f"{place.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if user:
        os.chown(fresh, user.pw_uid, user.pw_gid)
    command = [str(binaries / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--encoding=UTF8", "--auth=trust"]
    made = _run_as(user, [*command, *options])
    if made.returncode:
        raise ClusterError(" ".join((made.stderr or made.stdout).split())[-500:])
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(f"\n# motcua\nlisten_addresses = ''\nport = {PORT}\n{settings}")
    fresh.rename(place)


def _run_as(
    user: pwd.struct_passwd | None, command: Sequence[str], words: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, user=user and user.pw_uid, group=user and user.pw_gid, extra_groups=[] if user else None,
        env=_environment(), cwd="/", input=words, capture_output=True, text=True, check=False,
    )  # fmt: skip


#: What keeps a server out once, and not the next time.
_PASSING = (
    # The sessions of a server that was killed end a moment after it.
    "shared memory block",
    # A table without a log of changes whose making was aborted as the server was killed: recovery makes its copy again and finds
    # the old file in the way, which the next recovery removes first.
    "File exists",
)


def start_cluster(binaries: Path, data: Path, timeout_seconds: float = 120, port: int | None = None) -> Path:
    """Returns the folder of the socket of the server of `data`, started if it does not run yet.

    Started with a `port`, it listens there on loopback as well. One caller at a time. Recovery after a crash is waited for
    up to `timeout_seconds`. Raises ClusterError with the server's last words when it doesn't come up.
    """
    data = data.resolve()
    deadline = time.monotonic() + timeout_seconds
    log = data / "log"
    log_size = log.stat().st_size if log.exists() else 0
    process: subprocess.Popen[bytes] | None = None
    while True:
        running = postmaster(data)
        if running and running.admits():
            return running.socket_folder
        is_late = time.monotonic() > deadline
        if running is None and (process is None or process.poll() is not None):
            words = _last_words(log, log_size)
            if process and (is_late or not any(each in words for each in _PASSING)):
                raise ClusterError(words)
            time.sleep(_PAUSE_SECONDS if process else 0)
            log_size = log.stat().st_size if log.exists() else 0
            process = _launch(binaries, data, log, port)
        elif is_late:
            raise ClusterError(f"not ready after {timeout_seconds:.0f} s: {_last_words(log, log_size)}")
        time.sleep(_POLL_SECONDS)


def postmaster(data: Path) -> Postmaster | None:
    """Returns the server that runs on `data`, or None when none does, whatever a crash left behind."""
    data = data.resolve()
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not lines or not lines[0].isdigit() or not _serves(int(lines[0]), data):
        return None
    is_ready = len(lines) > 7 and lines[7].strip() == "ready"
    port, socket_folder = lines[3:5] if len(lines) > 4 else ("", "")
    return Postmaster(int(lines[0]), Path(socket_folder), port, is_ready)


def stop_cluster(data: Path, timeout_seconds: float = 60) -> None:
    """Stops the server of `data`, if one runs, and waits for it: its sessions are ended, its data are flushed.

    Raises ClusterError when it still runs after `timeout_seconds`, or isn't ours to stop.
    """
    data = data.resolve()
    running = postmaster(data)
    if running is None:
        return
    try:
        os.kill(running.pid, signal.SIGINT)  # "fast shutdown"
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ClusterError(f"process {running.pid} belongs to another user") from error
    deadline = time.monotonic() + timeout_seconds
    while _serves(running.pid, data):
        if time.monotonic() > deadline:
            raise ClusterError(f"process {running.pid} still runs after {timeout_seconds:.0f} s")
        time.sleep(_POLL_SECONDS)


_launched: list[subprocess.Popen[bytes]] = []  # they are to outlive their objects, and us


def run_alone(binaries: Path, data: Path, statement: str) -> None:
    """Runs one statement as the superuser while no server runs on `data`; nobody is asked for a password.

    For a cluster whose passwords are lost: whoever may write its files may do this. Raises ClusterError with the server's words.
    """
    data = data.resolve()
    user, binaries = _user_and_programs(data, binaries)
    done = _run_as(
        user, [str(binaries / "postgres"), "--single", "-D", str(data), "postgres"], f"{statement}\n"
    )
    if done.returncode or "ERROR:" in done.stderr:
        raise ClusterError(" ".join(done.stderr.split())[-500:])


def _launch(binaries: Path, data: Path, log: Path, port: int | None) -> subprocess.Popen[bytes]:
    owner, binaries = _user_and_programs(data, binaries)
    sockets = _socket_folder(data, owner)
    # What a crash left names processes that are gone; by now their numbers may be anybody's, and PostgreSQL would
    # refuse to start.
    socket = f".s.PGSQL.{port or PORT}"
    for left in (data / "postmaster.pid", sockets / socket, sockets / f"{socket}.lock"):
        left.unlink(missing_ok=True)
    command = [str(binaries / "postgres"), "-D", str(data), "-k", str(sockets)]
    if port is not None:
        # Loopback alone, whatever files say: there is no TLS.
        command += ["-c", f"listen_addresses={LOOPBACK}", "-c", f"port={port}"]
    if _shared_memory() < _ENOUGH_SHARED_MEMORY:
        # Containers often have 64 MB of it, too little for a parallel join.
        command += ["-c", "dynamic_shared_memory_type=mmap"]
    is_long = log.exists() and log.stat().st_size > _LARGEST_LOG
    with log.open("wb" if is_long else "ab") as lines:
        process = subprocess.Popen(
            command, user=owner and owner.pw_uid, group=owner and owner.pw_gid, extra_groups=[] if owner else None,
            env=_environment(), cwd="/", stdin=subprocess.DEVNULL, stdout=lines, stderr=lines,
            start_new_session=True,  # Ctrl-C is for us, not for the server
        )  # fmt: skip
    _launched.append(process)
    return process


def _user_and_programs(data: Path, binaries: Path) -> tuple[pwd.struct_passwd | None, Path]:
    try:
        user = server_user(data)
        return user, programs_for(user, binaries)
    except ServerUserError as error:
        raise ClusterError(str(error)) from error


def _socket_folder(data: Path, owner: pwd.struct_passwd | None) -> Path:
    """Returns the data folder itself, closed to all others; one of its own in /tmp where that path is too long or
    odd.
    """
    if re.fullmatch(r"[\w./-]+", str(data), re.ASCII) and len(str(data / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        return data
    user = owner.pw_uid if owner else os.geteuid()
    folder = Path("/tmp") / f"motcua-{user}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    # Anybody may have made it in /tmp before us.
    if (
        not stat.S_ISDIR(status.st_mode)
        or status.st_uid not in (user, os.geteuid())
        or status.st_mode & 0o077
    ):
        raise ClusterError(f"{folder} is not a private folder of ours; remove it")
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    return folder


def _serves(pid: int, data: Path) -> bool:
    """Returns whether the process is a live PostgreSQL server of that folder."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # alive, of another user
    if Path("/proc/self/cmdline").exists():
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        # A zombie has no arguments.
        return b"postgres" in arguments[0] and os.fsencode(data) in arguments
    result = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "postgres" in result.stdout and str(data) in result.stdout


def _environment() -> dict[str, str]:
    """Ours without PGPORT, PGDATA and their like."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _shared_memory() -> int:
    """Returns the size in bytes of POSIX shared memory; where it is no file system, there is enough."""
    try:
        memory = os.statvfs("/dev/shm")
    except OSError:
        return _ENOUGH_SHARED_MEMORY
    return memory.f_blocks * memory.f_frsize


_CAUSE = re.compile(r"\b(?:FATAL|PANIC): |terminated by signal|exited with exit code")


def _last_words(log: Path, since: int) -> str:
    """Returns why the server ended, and what it wrote last, after that place of its log; without the times."""
    try:
        written = log.read_bytes()
    except OSError:
        return "it left no log"
    lines = written[since if since <= len(written) else 0 :].decode(errors="replace").splitlines()
    last = len(lines) - 3
    shown = [line for place, line in enumerate(lines) if place >= last or _is_cause(line)][-6:]
    return " ".join(" ".join(re.sub(r"^.*?\[\d+\] ", "", line) for line in shown).split())


def _is_cause(line: str) -> bool:
    return bool(_CAUSE.search(line)) and "starting up" not in line
