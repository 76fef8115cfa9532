"""The system user that PostgreSQL runs as when root starts it, and where that user can reach its files.

PostgreSQL refuses root. Here: which user it is (made once, `pgserver`), and what is done where folders on the way to the
data or to the programs are closed to that user: no rights of other folders are changed; data or programs lie in
/var/lib/motcua instead. Not here: what is done with the server (`cluster.py`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse_sql.own_files import own_file

if sys.platform != "win32":
    import fcntl
    import pwd

SYSTEM_USER = "pgserver"
#: Only used when root starts a server below folders that others may not pass, as /root is.
OWN_PLACE = Path("/var/lib/motcua")


class ServerUserError(RuntimeError):
    """No system user can run the server there; the message says why and what to do."""


def server_user(data: Path | None = None) -> pwd.struct_passwd | None:
    """Returns the user that runs a server, or None when that is who we are (not root).

    A data folder that is there belongs to that user. Raises ServerUserError when no user can be found or made, or when the user
    can't reach the data folder.
    """
    if os.geteuid() != 0:
        return None
    if data is None:
        return _system_user()
    user = pwd.getpwuid(data.stat().st_uid)
    if closed := _closed_to(user, data):
        raise ServerUserError(
            f"user {user.pw_name}, who runs PostgreSQL for root, can't pass through {closed}: use a MOTCUA_HOME in a"
            f" folder that others may pass through, or run motcua as an ordinary user"
        )
    return user


@contextmanager
def data_place(user: pwd.struct_passwd | None, data: Path) -> Iterator[Path]:
    """Yields where the data are to be made: `data`, or a folder of `OWN_PLACE` to which `data` leads afterwards.

    The folder of `data` itself is motcua's own: the user may pass through it from now on. Nothing here is ever removed
    by itself: a home may have been moved, and its link with it.
    """
    if data.is_symlink() and not data.exists():
        data.unlink()  # what it led to was removed by hand
    home = data.parent
    if user is None or _closed_to(user, home.parent) is None:
        if user is not None and _closed_to(user, home):
            home.chmod(home.stat().st_mode | stat.S_IXOTH)
        yield data
        return
    OWN_PLACE.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="data-", dir=OWN_PLACE))
    folder.chmod(0o711)
    (folder / "made-for").write_bytes(os.fsencode(data) + b"\n")
    yield folder / "pg"
    data.symlink_to(folder / "pg")


def programs_for(user: pwd.struct_passwd | None, binaries: Path) -> Path:
    """Returns the folder of programs that the user may run: `binaries`, or a copy of its installation.

    A copy is made once, where the installation lies in a closed folder or was installed under a closed umask.
    """
    postgres = binaries / "postgres"
    if user is None or (_closed_to(user, binaries) is None and postgres.stat().st_mode & 0o005 == 0o005):
        return binaries
    mark = (
        f"{postgres.stat().st_mtime_ns} {postgres.stat().st_size}"  # of one build, wherever it is installed
    )
    copy = OWN_PLACE / f"programs-{hashlib.sha256(os.fsencode(mark)).hexdigest()[:16]}"
    installation = binaries.parent
    # A wheel keeps the libraries of its programs in a folder next to the package.
    libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
    OWN_PLACE.mkdir(mode=0o711, parents=True, exist_ok=True)
    with own_file(OWN_PLACE / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not copy.exists():
            fresh = copy.with_name(f"{copy.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            for folder in (installation, libraries):
                if folder.exists():
                    shutil.copytree(folder, fresh / folder.relative_to(libraries.parent), symlinks=True)
            for path in (fresh, *fresh.rglob("*")):
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))
            fresh.rename(copy)
    return copy / binaries.relative_to(libraries.parent)


def _closed_to(user: pwd.struct_passwd, folder: Path) -> Path | None:
    """Returns the first folder from the root on that the user may not pass through, or None when all are open."""
    folder = folder.resolve()
    for step in (*reversed(folder.parents), folder):
        status = step.stat()
        bit = stat.S_IXOTH
        if status.st_uid == user.pw_uid:
            bit = stat.S_IXUSR
        elif status.st_gid == user.pw_gid:
            bit = stat.S_IXGRP
        if not status.st_mode & bit:
            return step
    return None


def _system_user() -> pwd.struct_passwd:
    for attempt in range(2):
        for name in (SYSTEM_USER, "nobody")[: attempt + 1]:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        _make_user(SYSTEM_USER)
    raise ServerUserError("PostgreSQL refuses root, and there is no user pgserver or nobody")


def _make_user(name: str) -> None:
    nologin = shutil.which("nologin") or "/bin/false"
    if shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", nologin, name],
            capture_output=True,
            check=False,
        )
