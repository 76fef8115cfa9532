"""The programs pg_dump and pg_restore: which of those on this machine fits a server, and running it.

Not here: what is dumped and restored (`backup.py`, `restore.py`).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from sqlalchemy.engine import URL

from warehouse_sql.embedded import programs
from warehouse_sql.errors import WarehouseError
from warehouse_sql.masking import masked
from warehouse_sql.messages import message

_LONGEST_REASON = 500


class Program(NamedTuple):
    """A program of PostgreSQL and its major version."""

    file: Path
    version: int


def dump_program(name: str, oldest: int, is_embedded: bool) -> Program:
    """Returns pg_dump or pg_restore of at least that major version.

    For the embedded server that of its package, for a server of one's own first the one on PATH: its dumps can be read by the
    tools of that server. Raises WarehouseError when there is none.
    """
    candidates = [_packaged(name)] if is_embedded else [_on_path(name), _packaged(name)]
    programs_here = [program for program in candidates if program]
    for program in programs_here:
        if program.version >= oldest:
            return program
    newest = max((program.version for program in programs_here), default=None)
    if newest is None:
        raise WarehouseError(
            message(
                "Không tìm thấy {name}; hãy cài bộ công cụ PostgreSQL {oldest} (gói postgresql-client-{oldest}) rồi"
                " chạy lại.",
                name=name,
                oldest=oldest,
            )
        )
    raise WarehouseError(
        message(
            "{name} trên máy này là bản {newest}, cần bản {oldest} trở lên; hãy cài bộ công cụ PostgreSQL {oldest} (gói"
            " postgresql-client-{oldest}) rồi chạy lại.",
            name=name,
            newest=newest,
            oldest=oldest,
        )
    )


def _packaged(name: str) -> Program | None:
    try:
        file = programs() / name
    except WarehouseError:
        return None
    return _program(file)


def _on_path(name: str) -> Program | None:
    file = shutil.which(name)
    return _program(Path(file)) if file else None


def _program(file: Path) -> Program | None:
    try:
        done = subprocess.run(
            [file, "--version"], capture_output=True, text=True, check=False, env=_environment()
        )
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return Program(file, int(version[1])) if version else None


def run_dump(program: Program, url: URL, file: Path, options: Sequence[str]) -> None:
    """Dumps the database of that address into the file. Raises WarehouseError with the program's words when it fails."""
    query = {name: value for name, value in url.query.items() if name != "password"}
    address = url.set(drivername="postgresql", query=query)
    password = url.query.get("password") or url.password
    # Not in the command: whoever lists processes would read it there.
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, address.query)
    environment = _environment() | ({"PGPASSWORD": str(password)} if password else {})
    command = [str(program.file), *options, f"--file={file}", f"--dbname={shown.render_as_string()}"]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env=environment
    )
    if done.returncode:
        raise failed(done.stderr)


@contextmanager
def dump_as_script(program: Program, file: Path) -> Iterator[IO[bytes]]:
    """Yields the data of a dump as lines of SQL. Raises WarehouseError when the program fails before its end."""
    command = [str(program.file), "--data-only", "--file=-", str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            yield process.stdout
            words = process.stderr.read().decode(errors="replace")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise failed(words)


def failed(words: str) -> WarehouseError:
    """Returns the error of a program that ended with these words."""
    reason = masked(" ".join(words.split())[-_LONGEST_REASON:])
    if "No space left on device" in words or "Disk quota exceeded" in words:
        return WarehouseError(
            message(
                "Hết chỗ trên đĩa trong lúc sao lưu ({reason}); hãy giải phóng chỗ rồi chạy lại.",
                reason=reason,
            )
        )
    return WarehouseError(
        message(
            "Công cụ của PostgreSQL báo lỗi: {reason}; chưa có gì thay đổi, hãy sửa rồi chạy lại.",
            reason=reason,
        )
    )


def _environment() -> dict[str, str]:
    return os.environ | {"LC_ALL": "C"}
